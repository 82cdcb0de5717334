"""Run as a process of its own: what achkit, a library this project did not write, reads and says of standard input.

Prints JSON: ok, errors, and every entry as [class, code, routing, account, cents, reference, name, trace].
"""

from __future__ import annotations

import json
import sys

import achkit

text = sys.stdin.read()
verdict = achkit.validate(text)
entries = [
    [
        batch["sec"], entry["txn_code"], entry["routing"], entry["account"], entry["amount_cents"], entry["id_number"],
        entry["name"], entry["trace_number"],
    ]
    for batch in achkit.parse(text)["batches"]
    for entry in batch["entries"]
]  # fmt: skip
print(json.dumps({"ok": verdict["ok"], "errors": verdict["errors"], "entries": entries}))
