"""What another meter data management hands over, and the clearances it gets back. See README.md."""

from meterbook.formats.contract import Format
from meterbook.formats.mdm_csv.clearances import Clearance, parse_clearances, write_clearances
from meterbook.formats.mdm_csv.reads import MdmException, ParsedMdm, judged, parse_reads, write_reads

READS: Format[ParsedMdm] = Format(
    name="mdm-reads",
    title="Billing reads and validation exceptions of another MDM (CSV)",
    kind="mdm",
    parse=parse_reads,
    write=write_reads,
    judge=judged,
)
CLEARANCES: Format[list[Clearance]] = Format(
    name="mdm-clearances",
    title="Decisions on another MDM's exceptions (CSV)",
    kind="mdm",
    parse=parse_clearances,
    write=write_clearances,
)
FORMATS = (READS, CLEARANCES)

__all__ = [
    "CLEARANCES", "FORMATS", "READS", "Clearance", "MdmException", "ParsedMdm", "parse_clearances", "parse_reads",
    "write_clearances", "write_reads",
]  # fmt: skip
