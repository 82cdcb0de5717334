"""Badger BEACON range report: hourly or daily register reads as CSV. See README.md."""

from meterbook.formats.beacon.parse import parse
from meterbook.formats.beacon.write import BeaconRow, write
from meterbook.formats.contract import Format, ParsedReads

FORMAT: Format[ParsedReads] = Format(
    name="beacon",
    title="Badger BEACON range report (CSV)",
    kind="reads",
    parse=parse,
    write=write,
)

__all__ = ["FORMAT", "BeaconRow", "parse", "write"]
