"""BAI2 cash management: what a bank says of our accounts. See README.md."""

from meterbook.formats.bai2.parse import parse, read
from meterbook.formats.bai2.write import write
from meterbook.formats.contract import Format
from meterbook.formats.statements import ParsedStatements

BAI2: Format[ParsedStatements] = Format(
    name="bai2", title="BAI2 bank statement (cash management, record types 01 to 99)", kind="statements",
    parse=parse, write=write,
)  # fmt: skip
BAI2_LENIENT: Format[ParsedStatements] = Format(
    name="bai2-lenient", title="BAI2 of a sender whose control totals are shown, not required", kind="statements",
    parse=read, write=None,
)  # fmt: skip
FORMATS = (BAI2, BAI2_LENIENT)

__all__ = ["BAI2", "BAI2_LENIENT", "FORMATS", "parse", "read", "write"]
