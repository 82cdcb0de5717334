"""Locate tickets of an 811 centre as JSON, as the text of an e-mail, and as CSV. See README.md."""

from __future__ import annotations

from meterbook.formats.contract import Format
from meterbook.formats.locates.parse import parse_csv, parse_json, parse_text
from meterbook.formats.locates.values import FIELDS, LocateTicket, ParsedLocates, verdict
from meterbook.formats.locates.write import write_csv, write_json, write_text

FORMATS: tuple[Format[ParsedLocates], ...] = (
    Format(
        name="locates-json", title="Locate tickets (811) as JSON, one or several", kind="locates",
        parse=parse_json, write=write_json, judge=verdict,
    ),
    Format(
        name="locates-text", title="Locate tickets (811) as the text of an e-mail", kind="locates",
        parse=parse_text, write=write_text, judge=verdict,
    ),
    Format(
        name="locates-csv", title="Locate tickets (811) as CSV with a heading line", kind="locates",
        parse=parse_csv, write=write_csv, judge=verdict,
    ),
)  # fmt: skip

__all__ = ["FIELDS", "FORMATS", "LocateTicket", "ParsedLocates", "parse_csv", "parse_json", "parse_text", "verdict"]
