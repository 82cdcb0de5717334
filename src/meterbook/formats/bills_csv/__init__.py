"""Bills of another system, or ours, as a plain CSV of lines with a counted and summed trailer. See README.md."""

from meterbook.formats.bills_csv.parse import HEADINGS, BillLine, ParsedBills, judged, parse
from meterbook.formats.bills_csv.write import write
from meterbook.formats.contract import Format

FORMAT: Format[ParsedBills] = Format(
    name="meterbook-bills",
    title="Bills, line by line (plain CSV with a counted and summed trailer)",
    kind="bills",
    parse=parse,
    write=write,
    judge=judged,
)

__all__ = ["FORMAT", "HEADINGS", "BillLine", "ParsedBills", "parse", "write"]
