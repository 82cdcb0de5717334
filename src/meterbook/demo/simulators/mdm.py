"""Another meter data management: hands over a file of reads and exceptions, takes decisions on the exceptions.

GET /v1/billing-reads.csv?since=DAY   the file (`formats.mdm_csv`), reads and exceptions from a day on
PUT /v1/clearances/REFERENCE          {"decision", "reading", "decided_on"}: 201 new, 200 the same again,
                                      404 no such exception
GET /v1/clearances                    every decision it knows
PUT /v1/faults                        a fault on order (`serving.Fault`) for the answers that follow
"""

from __future__ import annotations

import threading
from datetime import date
from http.server import ThreadingHTTPServer
from typing import Any

from meterbook.demo.simulators.serving import Asked, Fault, Route, Said, serve
from meterbook.formats.mdm_csv import ParsedMdm, parse_reads, write_reads


class MdmSimulator:
    """The file it hands over, and the decisions it was told."""

    def __init__(self, content: bytes) -> None:
        self.held: ParsedMdm = parse_reads(content)
        self.known: dict[str, dict[str, Any]] = {}
        self.told = 0
        self.fault = Fault(None)
        self.lock = threading.Lock()

    def hand_over(self, asked: Asked) -> Said:
        """The reads and exceptions of a day and later."""
        try:
            since = date.fromisoformat(asked.query.get("since", "2000-01-01"))
        except ValueError:
            return Said(400, {"error": "since: expected a date such as 2026-08-05"})
        reads = [each for each in self.held.reads if each.read_on >= since]
        exceptions = [each for each in self.held.exceptions if each.on >= since]
        return self.fault.strike() or Said(200, write_reads(reads, exceptions), "text/csv")

    def take(self, asked: Asked) -> Said:
        """One decision; the same again is the same."""
        struck = self.fault.strike()
        if struck is not None:
            return struck
        told, (reference,) = asked.json(), asked.found
        if not isinstance(told, dict) or not {"decision", "reading", "decided_on"} <= set(told):
            return Said(400, {"error": "expected decision, reading and decided_on"})
        if reference not in {each.reference for each in self.held.exceptions}:
            return Said(404, {"error": f"no exception {reference}"})
        with self.lock:
            self.told += 1
            before = self.known.get(reference)
            self.known[reference] = told
        return Said(201 if before is None else 200, {"reference": reference, "changed": before != told})

    def decisions(self, asked: Asked) -> Said:
        """Everything it was told, and how often it was told anything."""
        return Said(200, {"clearances": self.known, "told": self.told})

    def order(self, asked: Asked) -> Said:
        """Something goes wrong from now on, for so many answers."""
        self.fault = Fault(asked.json() if isinstance(asked.json(), dict) else None)
        return Said(200, {"fault": self.fault.kind})


def mdm_server(content: bytes, *, port: int, token: str = "", host: str = "127.0.0.1") -> ThreadingHTTPServer:
    """A server that plays an MDM holding the file ``content``; raises `formats.contract.WrongFormat`."""
    played = MdmSimulator(content)
    routes: list[Route] = [
        ("GET", r"/v1/billing-reads\.csv", played.hand_over), ("PUT", r"/v1/clearances/([^/]+)", played.take),
        ("GET", r"/v1/clearances", played.decisions), ("PUT", r"/v1/faults", played.order),
    ]  # fmt: skip
    return serve(routes, port=port, token=token, host=host)
