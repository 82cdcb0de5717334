"""Settlement bytes to payments, refunds, chargebacks and adjustments under a processor's profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from meterbook.formats.contract import ParsedPayments
from meterbook.formats.profile_payments import payments_of
from meterbook.formats.profiles import Profile, profile_of, rows

DEFAULT = """\
kind: csv
amounts: decimal
dates: YYYY-MM-DD
detail:
  fields:
    account: account
    gross: gross
    fee: fee
    net: net
    tender: tender
    trace: transaction
    original: original
    paid_on: settled_on
    kind: kind
    payer: payer
trailer:
  starts: '#END'
  fields: {count: 2, total: 3, fee: 4, net: 5}
"""
"""Our own layout; a processor's own headings are another profile."""

NEEDED = ("account", "gross", "trace", "paid_on")


def profile(text: str = DEFAULT) -> Profile:
    """The profile a YAML text describes. Raises `profiles.WrongProfile`."""
    return profile_of(text, needed=NEEDED)


def parse(data: bytes, *, profile: Profile | None = None) -> ParsedPayments:
    """Every transaction of a settlement file. The customer is credited with the gross; the fee is what the processor
    kept, so that the deposit is the net. Refunds and chargebacks come with negative amounts.

    Raises `WrongFormat` when a row cannot be read, gross less fee is not net, or the trailer does not agree.
    """
    chosen = profile or _default()
    return payments_of(rows(data, chosen), chosen, amount="gross")


def profiled(text: str) -> Callable[[bytes], ParsedPayments]:
    """The reader of files laid out by a profile. Raises `profiles.WrongProfile`."""
    return partial(parse, profile=profile(text))


@cache
def _default() -> Profile:
    return profile_of(DEFAULT, needed=NEEDED)
