"""Permits pulled from an API: every page once, a refusal in words, nothing twice."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from tests.records.metering.yard import TODAY, Yard

from meterbook.jobs.new_service.pull_permits import PAGE, PermitsNotPulled, pull_permits
from meterbook.records.new_service.models import Permit
from meterbook.records.platform.deeds import Act

pytestmark = pytest.mark.django_db
COUNT = PAGE + 3


class Department(BaseHTTPRequestHandler):
    """Answers like the building department: a page of records to who shows the token."""

    def do_GET(self) -> None:
        asked = {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}
        if self.headers.get("Authorization") != "let me in":
            self._say(401, {"status": 401, "code": "no_token", "message": "Token is required"})
            return
        first = int(asked["offset"])
        found = [_record(at) for at in range(first, min(first + int(asked["limit"]), COUNT))]
        more = first + len(found) < COUNT
        self._say(200, {"status": 200, "page": {"offset": first, "hasmore": more}, "result": found})

    def _say(self, status: int, body: dict[str, Any]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


def _record(at: int) -> dict[str, Any]:
    where = {"streetStart": at + 1, "streetName": "Mill", "streetSuffix": {"text": "Street"}}
    return {"customId": f"BLD26-{at:05d}", "openedDate": "2026-09-01 00:00:00", "addresses": [where]}


@pytest.fixture
def department(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Department)
    threading.Thread(target=server.serve_forever, daemon=True, kwargs={"poll_interval": 0.05}).start()
    monkeypatch.setenv("METERBOOK_PERMITS_URL", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("METERBOOK_PERMITS_TOKEN", "let me in")
    yield
    server.shutdown()
    server.server_close()


def test_every_page_comes_once_and_again_it_changes_nothing(yard: Yard, department: None) -> None:
    who = Act(actor=yard.staff["supervisor"], business_date=TODAY, reason="pull")
    assert [one.loaded for one in pull_permits(who, since=date(2026, 9, 1))] == [PAGE, COUNT - PAGE]
    assert Permit.objects.count() == COUNT
    again = list(pull_permits(who, since=date(2026, 9, 1)))
    assert [one.pk for one in again] and Permit.objects.count() == COUNT and not Permit.objects.filter(changed=True)


def test_a_refusal_is_told_in_the_apis_words(yard: Yard, department: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("METERBOOK_PERMITS_TOKEN", "guess")
    who = Act(actor=yard.staff["supervisor"], business_date=TODAY, reason="pull")
    with pytest.raises(PermitsNotPulled, match="Token is required"):
        list(pull_permits(who, since=date(2026, 9, 1)))
    monkeypatch.delenv("METERBOOK_PERMITS_URL")
    with pytest.raises(PermitsNotPulled, match="METERBOOK_PERMITS_URL"):
        list(pull_permits(who, since=date(2026, 9, 1)))
