"""Settlement of a card, web or telephone payment processor. See README.md."""

from meterbook.formats.contract import Format, ParsedPayments
from meterbook.formats.settlement.parse import DEFAULT, parse, profile, profiled

FORMAT: Format[ParsedPayments] = Format(
    name="settlement", title="Settlement of a payment processor by a profile (CSV: gross, fee, net)", kind="payments",
    parse=parse, write=None, profiled=profiled,
)  # fmt: skip

__all__ = ["DEFAULT", "FORMAT", "parse", "profile", "profiled"]
