"""Locate tickets: the three forms say the same, widths are kept, nothing is lost on the way."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import meterbook.formats.locates as locates
from meterbook.formats.contract import WrongFormat
from meterbook.formats.registry import any_format

SAMPLES = Path(locates.__path__[0]) / "samples"


def test_a_ticket_of_an_e_mail_and_of_the_hook_is_the_same() -> None:
    mail = locates.parse_text((SAMPLES / "locates-text/good-mail.txt").read_bytes()).records[0]
    hook = locates.parse_json((SAMPLES / "locates-json/good-two.json").read_bytes()).records[0]
    assert (mail.key, mail.called_at, mail.work_at, mail.street) == (
        hook.key,
        hook.called_at,
        hook.work_at,
        hook.street,
    )
    assert (mail.members, mail.latitude) == (("ABW01", "ABE01"), hook.latitude)
    assert mail.location == "FRONT OF ADDRESS, 10 FT EACH SIDE OF THE DRIVEWAY"


@pytest.mark.parametrize("name", ["locates-json", "locates-text", "locates-csv"])
def test_what_is_written_reads_the_same_again(name: str) -> None:
    form = any_format(name)
    tickets = locates.parse_json((SAMPLES / "locates-json/good-two.json").read_bytes()).records
    assert form.write is not None
    again = form.parse(form.write(tickets))
    assert [each.said for each in again.records] == [each.said for each in tickets] and again.problems == []


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"ticket": "A2625100171"}, "ticket"), ({"ticket": "A26251001é"}, "ticket"), ({"revision": "A00"}, "revision"),
        ({"type": "SOON"}, "type"), ({"latitude": "91"}, "latitude"), ({"longitude": "1e3"}, "longitude"),
        ({"called": "2026-02-30 08:00"}, "called"),
        ({"called": "9999-12-31 08:00"}, "called"), ({"street": " "}, "street"), ({"company": "x" * 81}, "company"),
    ],
)  # fmt: skip
def test_a_wrong_field_is_named(change: dict[str, str], field: str) -> None:
    whole = {"ticket": "A262510017", "revision": "00A", "called": "2026-09-08 07:31", "street": "TANNERY ROW"}
    parsed = locates.parse_json(json.dumps(whole | change).encode())
    assert parsed.records == [] and field in {each.field for each in parsed.problems}


@pytest.mark.parametrize("body", [b"[]", b"[1]", b'"x"', b'{"a": 1}', b"[" * 100_000, b"\xff\xfe", b"null"])
def test_what_is_no_ticket_is_refused(body: bytes) -> None:
    with pytest.raises(WrongFormat):
        locates.parse_json(body)
