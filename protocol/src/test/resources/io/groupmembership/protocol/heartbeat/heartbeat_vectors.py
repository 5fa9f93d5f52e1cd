#!/usr/bin/env python3
"""Writes heartbeat-vectors.json: the datagram and the keys of docs/heartbeat.md, by an implementation that shares
nothing with the one in Java. Numbers of 64 bits are strings, as many readers of JSON round them."""
import base64
import hashlib
import hmac
import json
import struct

TYPES = {"ping": 1, "ack": 2, "confirmation": 3, "probe": 4, "probe-answer": 5}


def sign(key, message):
    return hmac.new(key, message, hashlib.sha256).digest()


def member_key(secret, cluster, namespace, group, member, incarnation):
    words = ["groupmembership heartbeat 2", cluster, namespace, group, member, str(incarnation)]
    return sign(secret, "\n".join(words).encode())


def member_hash(namespace, group, member):
    return hashlib.sha256(f"{namespace}/{group}/{member}".encode()).digest()[:8]


def datagram(key, d):
    head = struct.pack(">HBBHH", 0x474D, 2, TYPES[d["type"]], d["keyId"], 0) + bytes.fromhex(d["memberHash"])
    body = struct.pack(">QIIQqQQ", int(d["incarnation"]), d["epoch"], d["millis"], int(d["sequence"]),
                       int(d["memberSentNanos"]), int(d["view"]), int(d["answeredSequence"]))
    return head + body + sign(key, head + body)[:16]


def key_vector(key_id, secret, cluster, namespace, group, member, incarnation):
    return {"keyId": key_id, "secretBase64": base64.b64encode(secret).decode(), "clusterId": cluster,
            "namespace": namespace, "group": group, "memberId": member, "incarnation": str(incarnation),
            "memberHash": member_hash(namespace, group, member).hex(),
            "keyBase64": base64.b64encode(member_key(secret, cluster, namespace, group, member, incarnation)).decode()}


def main():
    cluster = "0b4d9f0e-5a5e-4c1b-9d7a-2f3c8e6b1a90"
    keys = [
        key_vector(1, bytes(range(32)), cluster, "default", "payments", "a", 17),
        key_vector(65535, bytes(range(100, 164)), cluster, "prod", "orders", "orders-0.eu", (3 << 40) + 1),
        key_vector(258, bytes(range(65)), "ffffffff-ffff-4fff-bfff-ffffffffffff", "default", "payments", "a",
                   2**63 - 1),
    ]
    common = {"keyId": 1, "memberHash": keys[0]["memberHash"], "incarnation": "17", "epoch": 3, "millis": 0,
              "sequence": "0", "memberSentNanos": "0", "view": "0", "answeredSequence": "0"}
    extreme = {"keyId": 65535, "memberHash": keys[1]["memberHash"], "incarnation": keys[1]["incarnation"],
               "epoch": 2**31 - 1}
    datagrams = [
        (0, {"type": "ping", "sequence": "5", "view": "9", "millis": 1000}),
        (0, {"type": "ack", "sequence": "1", "memberSentNanos": "123456789012345", "answeredSequence": "5"}),
        (0, {"type": "confirmation", "sequence": "6", "view": "9", "millis": 15000,
             "memberSentNanos": "123456789012345"}),
        (0, {"type": "probe", "sequence": "77"}),
        (0, {"type": "probe-answer", "sequence": "2", "memberSentNanos": "123456889012345",
             "answeredSequence": "77"}),
        (1, {"type": "ping", **extreme, "sequence": str(2**63 - 1), "view": str(2**63 - 1), "millis": 2**31 - 1}),
        (1, {"type": "confirmation", **extreme, "sequence": "1", "view": "1", "millis": 2**31 - 1,
             "memberSentNanos": "-1"}),
    ]
    written = []
    for index, fields in datagrams:
        d = {**common, **fields}
        key = base64.b64decode(keys[index]["keyBase64"])
        written.append({"keyBase64": keys[index]["keyBase64"], **d, "hex": datagram(key, d).hex()})
    print(json.dumps({"keys": keys, "datagrams": written}, indent=2))


main()
