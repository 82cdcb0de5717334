"""BAI lockbox deposits: checks a bank received for us. See README.md."""

from meterbook.formats.contract import Format, ParsedPayments
from meterbook.formats.lockbox.configure import BankLayout, WrongLayout, layouts_of, parse_by, profiled
from meterbook.formats.lockbox.layout import DEFAULT_LAYOUT, Columns, Layout
from meterbook.formats.lockbox.parse import parse
from meterbook.formats.lockbox.write import Check, LockboxDeposit, write

FORMAT: Format[ParsedPayments] = Format(
    name="lockbox",
    title="BAI lockbox deposit (fixed columns, record types 1 to 9)",
    kind="payments",
    parse=parse,
    write=write,
    profiled=profiled,
)

__all__ = [
    "DEFAULT_LAYOUT", "FORMAT", "BankLayout", "Check", "Columns", "Layout", "LockboxDeposit", "WrongLayout",
    "layouts_of", "parse", "parse_by", "profiled", "write",
]  # fmt: skip
