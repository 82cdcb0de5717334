"""OpenEI Utility Rate Database records: electric rates as JSON. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.urdb.read import parse, parse_one
from meterbook.formats.urdb.record import Lack, UrdbRate

FORMAT: Format[list[UrdbRate]] = Format(
    name="urdb",
    title="OpenEI Utility Rate Database record (JSON, versions 3 to 8)",
    kind="tariffs",
    parse=parse,
    write=None,
)

__all__ = ["FORMAT", "Lack", "UrdbRate", "parse", "parse_one"]
