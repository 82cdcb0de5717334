"""NEM12: a day of intervals in one wide CSV row (AEMO's meter data file format). See README.md."""

from meterbook.formats.contract import Format, ParsedReads
from meterbook.formats.nem12.parse import parse
from meterbook.formats.nem12.write import write

FORMAT: Format[ParsedReads] = Format(
    name="nem12",
    title="NEM12 wide interval CSV (records 100 to 900)",
    kind="reads",
    parse=parse,
    write=write,
    parse_zoned=parse,
)

__all__ = ["FORMAT", "parse", "write"]
