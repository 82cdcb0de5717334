"""OpenEI Utility Rate Database records: electric rates as JSON. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.urdb.conventions import Conventions
from meterbook.formats.urdb.native import exported, imported, tariff_text
from meterbook.formats.urdb.read import parse, parse_one
from meterbook.formats.urdb.record import Lack, UrdbRate
from meterbook.formats.urdb.write import write

FORMAT: Format[list[UrdbRate]] = Format(
    name="urdb",
    title="OpenEI Utility Rate Database record (JSON, versions 3 to 8)",
    kind="tariffs",
    parse=parse,
    write=write,
)

__all__ = [
    "FORMAT",
    "Conventions",
    "Lack",
    "UrdbRate",
    "exported",
    "imported",
    "parse",
    "parse_one",
    "tariff_text",
    "write",
]
