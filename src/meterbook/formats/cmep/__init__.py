"""CMEP (California Metering Exchange Protocol): intervals and register reads of AMI head-ends. See README.md."""

from meterbook.formats.cmep.parse import parse
from meterbook.formats.cmep.write import write
from meterbook.formats.contract import Format, ParsedReads

FORMAT: Format[ParsedReads] = Format(
    name="cmep",
    title="CMEP metering data (MEPMD01: intervals and register reads)",
    kind="reads",
    parse=parse,
    write=write,
    parse_zoned=parse,
)

__all__ = ["FORMAT", "parse", "write"]
