"""Meterbook's own plain CSV of meter reads, with a counted trailer. See README.md."""

from meterbook.formats.contract import Format, ParsedReads
from meterbook.formats.reads_csv.parse import HEADINGS, parse
from meterbook.formats.reads_csv.write import ReadRow, write

FORMAT: Format[ParsedReads] = Format(
    name="meterbook-reads",
    title="Meterbook reads (plain CSV with a counted trailer)",
    kind="reads",
    parse=parse,
    write=write,
)

__all__ = ["FORMAT", "HEADINGS", "ReadRow", "parse", "write"]
