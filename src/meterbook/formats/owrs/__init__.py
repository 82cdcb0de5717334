"""Open Water Rate Specification: water rates of one utility as YAML. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.owrs.document import OwrsFile, parse
from meterbook.formats.owrs.write import write

FORMAT: Format[OwrsFile] = Format(
    name="owrs",
    title="Open Water Rate Specification (YAML)",
    kind="tariffs",
    parse=parse,
    write=write,
)

__all__ = ["FORMAT", "OwrsFile", "parse", "write"]
