"""Checks exchanged with accounts payable and the bank: vouchers out, statuses in. See README.md."""

from meterbook.formats.ap_checks.statuses import STATUSES, CheckStatus, parse_statuses, write_statuses
from meterbook.formats.ap_checks.vouchers import Voucher, write_vouchers
from meterbook.formats.contract import Format, Verdict


def _judge(parsed: list[CheckStatus]) -> Verdict:
    """Every row was read, and the trailer agreed."""
    return Verdict(valid=True, reason=f"{len(parsed)} statuses of checks; count and total agree")


FORMAT: Format[list[CheckStatus]] = Format(
    name="check-statuses",
    title="What became of checks: issued, cleared, voided, stopped, returned (CSV)",
    kind="checks",
    parse=parse_statuses,
    write=write_statuses,
    judge=_judge,
)

__all__ = ["FORMAT", "STATUSES", "CheckStatus", "Voucher", "parse_statuses", "write_statuses", "write_vouchers"]
