"""Bill-pay remittance: payments made at customers' banks, sent by an aggregator. See README.md."""

from meterbook.formats.bill_pay.parse import DEFAULT, parse, profile, profiled
from meterbook.formats.contract import Format, ParsedPayments

FORMAT: Format[ParsedPayments] = Format(
    name="bill-pay", title="Bill-pay remittance by a profile (fixed columns or CSV, with reversals)", kind="payments",
    parse=parse, write=None, profiled=profiled,
)  # fmt: skip

__all__ = ["DEFAULT", "FORMAT", "parse", "profile", "profiled"]
