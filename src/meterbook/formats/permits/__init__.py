"""Building permits as CSV, and as an Accela-shaped API answers them. See README.md."""

from __future__ import annotations

from meterbook.formats.contract import Format
from meterbook.formats.permits.parse import has_more, parse_accela, parse_csv
from meterbook.formats.permits.values import FIELDS, ParsedPermits, Permit, verdict
from meterbook.formats.permits.write import write_csv

FORMATS: tuple[Format[ParsedPermits], ...] = (
    Format(
        name="permits-csv", title="Building permits as CSV with a heading line", kind="permits", parse=parse_csv,
        write=write_csv, judge=verdict,
    ),
    Format(
        name="permits-accela", title="Building permits as an Accela-shaped API answers them (JSON)", kind="permits",
        parse=parse_accela, write=None, judge=verdict,
    ),
)  # fmt: skip

__all__ = ["FIELDS", "FORMATS", "ParsedPermits", "Permit", "has_more", "parse_accela", "parse_csv", "verdict"]
