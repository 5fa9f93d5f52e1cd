#!/usr/bin/env python3
"""Attacks the HTTP API of a cluster of its own with schemathesis, as nobody, as a reader and as an administrator.

Fails where an answer is a 5xx or not as the API's description says, where somebody changes what they may not, or where
a node ends or logs an error. Use it as `gm soak api`.
"""

import argparse
import hashlib
import json
import os
import random
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import requests

HERE = Path(__file__).parent
HOME = HERE.parent.parent
SCHEMATHESIS = Path(sys.executable).parent / "st"
NODES = 3
UP = ["--tls", "--access", "policy", "--detach", "--ready-timeout", "180s"]
TIMEOUT = 10  # seconds a request may take; the nodes themselves give up after 5
STREAM_SECONDS = 5  # in which a stream's first event comes
MOST_PROBES = 500  # names of refused requests that are looked up afterwards

KNOWN = {"namespace": "shop", "group": "payments", "memberId": "a", "nodeId": "node-1", "key": "colour"}
GROUP = "/v1/namespaces/shop/groups/payments"
KEY = "/v1/namespaces/shop/kv/colour"
# ignored_auth takes a header away and leaves the certificate: the first two runs are for that. No description can say
# which good values do not go together or do not fit the state, so positive_data_acceptance finds what is meant. Names
# that the hooks put in are good where the generator's were bad, and a query that nobody asked for is not looked at, so
# negative_data_rejection finds that.
NOT_CHECKED = "ignored_auth,positive_data_acceptance,negative_data_rejection,nobody_gets_in,readers_only_read"
CHECKS = ["--checks", "all", "--exclude-checks", NOT_CHECKED]
REFUSALS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"


class Cluster:
    """Three nodes with TLS and a policy in a directory of their own, until the end of a `with`."""

    def __enter__(self):
        self.data = Path(tempfile.mkdtemp(prefix="gm-api-"))
        self.base = free_base()
        self.nodes = [f"https://127.0.0.1:{self.base + i}" for i in range(1, NODES + 1)]
        try:
            gm("up", *UP, "--data", self.data, "--base-port", self.base)
            self.ca = self.data / "tls/ca.crt"
            self.certificate = self.data / "tls/admin/tls.crt"
            self.key = self.data / "tls/admin/tls.key"
            self.admin = requests.Session()
            self.admin.trust_env = False  # REQUESTS_CA_BUNDLE would win over the next line
            self.admin.verify = str(self.ca)
            self.admin.cert = (str(self.certificate), str(self.key))
            self.let_somebody_read()
            return self
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_):
        subprocess.run([HOME / "gm", "down", "--data", self.data], stdout=subprocess.DEVNULL, timeout=120)
        shutil.rmtree(self.data, ignore_errors=True)

    def let_somebody_read(self):
        """A token in the policy file, which nodes read again within ten seconds."""
        self.token = secrets.token_hex(32)
        policy = self.data / "policy.yaml"
        entry = f'tokens:\n  - {{name: reader, sha256: "{hashlib.sha256(self.token.encode()).hexdigest()}", groups: []}}'
        rule = '  - {users: [reader], verbs: [get, list, watch], resources: ["*"], namespaces: ["*"]}\n'
        policy.write_text(policy.read_text().replace("tokens: []", entry) + rule)
        for node in self.nodes:
            wait_until(
                lambda: requests.get(node + "/v1/groups", headers=self.bearer(), verify=self.ca, timeout=TIMEOUT).ok,
                f"{node} does not know the reader",
            )

    def bearer(self):
        return {"Authorization": "Bearer " + self.token}

    def ask(self, method, path, node=0, expect=range(200, 300), **options):
        answer = self.admin.request(method, self.nodes[node] + path, timeout=TIMEOUT, **options)
        if answer.status_code not in expect:
            raise SystemExit(f"error: {method} {path} of the administrator: {answer.status_code} {answer.text}")
        return answer

    def fill(self):
        """What there is to change: a member, one that left, a policy, a value."""
        for member in ("a", "b"):
            # its heartbeat is that a node's own port takes connections
            self.ask("POST", GROUP + "/members", json={"memberId": member, "address": self.nodes[0][8:]})
        self.ask("DELETE", GROUP + "/members/b")
        self.ask("PUT", GROUP + "/policy", json={"intervalMillis": 5000, "misses": 3, "maxMembers": 1000})
        self.ask("PUT", KEY, data=b"red")

    def state(self):
        """Everything that a request could change and that can be listed, as the administrator reads it."""
        groups = self.ask("GET", "/v1/groups").json()["groups"]
        state = {"groups": groups, "value": self.ask("GET", KEY).text, "version": self.ask("GET", KEY).headers["ETag"]}
        for group in groups:
            path = f"/v1/namespaces/{group['namespace']}/groups/{group['group']}"
            view = self.ask("GET", path).json()
            for member in view["members"]:
                del member["monitor"]  # moves when a node is late
            state[path] = [view, self.ask("GET", path + "/policy").json()]
        state["removal"] = self.ask("GET", GROUP + "/removals/b").json()
        state["nodes"] = [[node["nodeId"], node["address"]] for node in self.ask("GET", "/v1/nodes").json()["nodes"]]
        return state

    def operations(self):
        paths = self.ask("GET", "/q/openapi?format=json").json()["paths"]
        methods = {"get", "put", "post", "delete"}
        return {(method, path) for path, item in paths.items() for method in methods & item.keys()}

    def starts(self):
        """When each node began: another time later means that it ended in between."""
        metrics = [self.ask("GET", "/q/metrics", node).text for node in range(NODES)]
        return [line for text in metrics for line in text.splitlines() if line.startswith("process_start_time_seconds")]

    def logged_errors(self):
        logs = sorted((self.data / "logs").glob("node-*.log"))
        return [line for log in logs for line in log.read_text(errors="replace").splitlines() if " ERROR " in line]


def gm(*arguments):
    run = subprocess.run([HOME / "gm", *map(str, arguments)], capture_output=True, text=True, timeout=240)
    if run.returncode != 0:
        raise SystemExit(f"error: gm {arguments[0]} failed\n{run.stdout}{run.stderr}")


def free_base():
    """A base whose nodes' six ports each, ten apart, are free: below those that systems give to outgoing connections."""
    for _ in range(200):
        base = random.randrange(15_000, 31_000)
        ports = [base + 10 * kind + node for kind in range(6) for node in range(1, NODES + 1)]
        if all(is_free(port, kind) for port in ports for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM)):
            return base
    raise SystemExit("error: no free range of ports between 15000 and 31000")


def is_free(port, kind):
    with socket.socket(socket.AF_INET, kind) as probe:
        try:
            probe.bind(("127.0.0.1", port))
            return True
        except OSError:
            return False


def wait_until(condition, otherwise, seconds=30):
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            raise SystemExit("error: " + otherwise)
        time.sleep(0.5)


def attack(cluster, node, run, options, seconds, reports):
    """Runs schemathesis against one node; what it asked, and whether it found nothing."""
    record, log = reports / f"{run}-node-{node + 1}.jsonl", reports / f"{run}-node-{node + 1}.log"
    environment = os.environ | {
        "SCHEMATHESIS_HOOKS": "hooks",
        "PYTHONPATH": str(HERE),
        "PYTHONDONTWRITEBYTECODE": "1",
        "GM_ATTACK_KNOWN": json.dumps(KNOWN | {"address": cluster.nodes[0][8:]}),
        "GM_ATTACK_RECORD": str(record),
    }
    command = [SCHEMATHESIS, "--config-file", HERE / "schemathesis.toml", "run", cluster.nodes[node] + "/q/openapi"]
    command += ["--tls-verify", cluster.ca, "--max-time", str(seconds), "--continue-on-failure", "--no-color"]
    command += ["--request-timeout", str(TIMEOUT), "--generation-database", "none", *options]
    with log.open("w") as out:
        # each operation's first requests come before schemathesis looks at its clock
        status = subprocess.run(
            command, cwd=reports, env=environment, stdout=out, stderr=out, timeout=seconds + 600
        ).returncode
    asked = [json.loads(line) for line in record.read_text().splitlines()] if record.exists() else []
    return asked, status == 0 and len(asked) > 0, log


def unlisted_changes(cluster, asked):
    """Policies of groups nobody joined, and values: no list has them, so each name that was tried is looked up."""
    default = {"intervalMillis": 5000, "misses": 3, "maxMembers": 100000}
    groups, keys = set(), set()
    for method, _, names, _ in asked:
        if method in ("PUT", "POST", "DELETE"):
            groups.add((names.get("namespace"), names.get("group")))
            keys.add((names.get("namespace"), names.get("key")))
    changes = []
    for kind, tried in (("groups", groups), ("kv", keys)):
        for namespace, name in sorted(pair for pair in tried if all(map(is_name, pair)))[:MOST_PROBES]:
            path = f"/v1/namespaces/{namespace}/{kind}/{name}"
            if path in (GROUP, KEY):
                continue
            if kind == "kv" and cluster.ask("GET", path, expect=(200, 404)).status_code == 200:
                changes.append(path)
            if kind == "groups" and cluster.ask("GET", path + "/policy").json() != default:
                changes.append(path + "/policy")
    return changes


def is_name(text):
    return bool(text) and text.isascii() and text.islower() and text.isalnum() and len(text) < 64


def streams(cluster):
    """Both streams of each node, for each caller: refused, or a snapshot in time."""
    callers = {
        "nobody": (401, {}),
        "reader": (200, {"headers": cluster.bearer()}),
        "administrator": (200, {"cert": cluster.admin.cert}),
    }
    wrong = []
    for node in cluster.nodes:
        for path in ("/v1/watch", GROUP + "?watch=true"):
            for caller, (expected, options) in callers.items():
                with requests.get(
                    node + path, stream=True, verify=cluster.ca, timeout=STREAM_SECONDS, **options
                ) as answer:
                    told = expected != 200 or any(line == b"event: snapshot" for line in answer.iter_lines())
                    if answer.status_code != expected or not told:
                        wrong.append(f"GET {path} of {caller}: {answer.status_code}")
    return wrong


def main():
    options = argparse.ArgumentParser(prog="gm soak api", description=__doc__)
    options.add_argument("--minutes", type=float, default=60, help="how long it takes, about (60)")
    options.add_argument("--reports", type=Path, required=True, help="a directory for what schemathesis says")
    options = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    shutil.rmtree(options.reports, ignore_errors=True)
    options.reports.mkdir(parents=True)
    findings, rows = [], []
    with Cluster() as cluster:
        cluster.fill()
        starts, described = cluster.starts(), cluster.operations()
        certificate = ["--request-cert", cluster.certificate, "--request-cert-key", cluster.key]
        bearer = ["--header", "Authorization: Bearer " + cluster.token]
        runs = [
            ("nobody", 0.2, ["--checks", REFUSALS + ",nobody_gets_in"], False),
            ("reader", 0.2, ["--checks", REFUSALS + ",readers_only_read", *bearer], False),
            ("administrator", 0.6, [*CHECKS, *certificate], True),
        ]
        for run, share, arguments, may_change in runs:
            before, asked = cluster.state(), []
            for node in range(NODES):
                seconds = max(1, int(options.minutes * 60 * share / NODES))
                more, fine, log = attack(cluster, node, run, arguments, seconds, options.reports)
                asked += more
                if not fine:
                    findings.append(f"{run} at node-{node + 1}: see {log}")
            changes = [] if may_change else unlisted_changes(cluster, asked)
            after = before if may_change else cluster.state()
            changes += [part for part in before.keys() | after.keys() if before.get(part) != after.get(part)]
            findings += [f"{run} changed {change}" for change in changes]
            failed = sum(status >= 500 for *_, status in asked)
            operations = len(described & {(method.lower(), path) for method, path, *_ in asked})
            if operations < len(described):
                findings.append(f"{run} tried {operations} of {len(described)} operations")
            rows.append((run, operations, len(asked), failed, "allowed" if may_change else len(changes)))
        findings += streams(cluster)
        if cluster.starts() != starts:
            findings.append("a node ended and was started again")
        findings += ["logged: " + line for line in cluster.logged_errors()]
        if findings:
            shutil.copytree(cluster.data / "logs", options.reports / "logs")
    for row in [("run", "operations", "requests", "5xx", "changes"), *rows]:
        print("{:<15}{:>10}{:>10}{:>6}{:>9}".format(*row))
    for finding in findings:
        print("found:", finding, file=sys.stderr)
    sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
