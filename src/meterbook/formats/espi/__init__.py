"""Green Button (NAESB ESPI): usage as an Atom feed. See README.md."""

from meterbook.formats.contract import Format, ParsedReads
from meterbook.formats.espi.parse import parse
from meterbook.formats.espi.write import write

FORMAT: Format[ParsedReads] = Format(
    name="espi",
    title="Green Button / ESPI usage feed (Atom XML)",
    kind="reads",
    parse=parse,
    write=write,
)

__all__ = ["FORMAT", "parse", "write"]
