"""What schemathesis does beyond what it knows by itself; attack.py starts it with this file."""

import json
import os
import zlib

import schemathesis

KNOWN = json.loads(os.environ["GM_ATTACK_KNOWN"])  # names of what exists, by path parameter
RECORD = open(os.environ["GM_ATTACK_RECORD"], "a", buffering=1)
READS = {"GET", "HEAD"}


@schemathesis.hook
def before_call(context, case, kwargs):
    """Gives most requests names of what exists: there would be little to change, or to find, otherwise."""
    names = case.path_parameters
    if not names:
        return
    if "watch" in (case.query or {}):
        names.update((name, KNOWN[name]) for name in names)  # another group's stream has nothing to tell
    draw = zlib.crc32(repr(sorted(names.items())).encode()) % 4
    keep = {0: set(names), 1: {"memberId", "key", "nodeId"}, 2: {"group", "memberId", "key", "nodeId"}, 3: set()}[draw]
    for name in names:
        if name not in keep:
            names[name] = KNOWN[name]
    if isinstance(names.get("key"), str):
        names["key"] = names["key"].replace("/", "-")  # would be sent as %2F, which no path may have
    for member in members_of(case.body):
        if isinstance(member.get("address"), str) and ":" in member["address"]:
            member["address"] = KNOWN["address"]  # anywhere else would be refused: see gm.probe-networks
            member.pop("heartbeatAddress", None)


def members_of(body):
    """The join requests in a body."""
    members = body.get("members", [body]) if isinstance(body, dict) else []
    return [member for member in members if isinstance(member, dict)] if isinstance(members, list) else []


@schemathesis.hook
def after_call(context, case, response):
    """Writes the request down, with its answer's status."""
    names = {name: value for name, value in (case.path_parameters or {}).items() if isinstance(value, str)}
    RECORD.write(json.dumps([case.method, case.path, names, response.status_code]) + "\n")


def refused_before_rights(response):
    """A path that could mean two things is refused whoever asks; so is what is no HTTP, which has no problem's type."""
    problem = response.headers.get("content-type", [""])[0] == "application/problem+json"
    return response.status_code in (400, 414, 431) and (not problem or "problem:invalid-path" in response.text)


def tells_methods(case, response):
    return case.method == "OPTIONS" and response.status_code in (204, 404)


@schemathesis.check
def nobody_gets_in(ctx, response, case):
    """For a caller that shows nothing."""
    if response.status_code == 401 or refused_before_rights(response) or tells_methods(case, response):
        return
    raise AssertionError(f"{case.method} {case.path} of nobody known: {response.status_code}, not 401")


@schemathesis.check
def readers_only_read(ctx, response, case):
    """For a caller with the verbs get, list and watch on everything."""
    if refused_before_rights(response) or tells_methods(case, response):
        return
    status = response.status_code
    fine = status not in (401, 403) if case.method in READS else status in (403, 404, 405)
    if not fine:
        raise AssertionError(f"{case.method} {case.path} of a reader: {status}")
