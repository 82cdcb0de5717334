"""Remittance bytes to payments and reversals under a partner's profile."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial

from meterbook.formats.contract import ParsedPayments
from meterbook.formats.profile_payments import payments_of
from meterbook.formats.profiles import Profile, profile_of, rows

DEFAULT = """\
kind: fixed
amounts: cents
dates: YYYYMMDD
width: 120
header: {starts: H, fields: {origin: 2-16, deposit_on: 17-24}}
detail:
  starts: D
  fields:
    account: 2-26
    amount: 27-36
    payer: 37-66
    trace: 67-81
    reference: 82-96
    kind: {at: 97-97, values: {'': payment, N: payment, R: reversal}}
    original: 98-112
    paid_on: 113-120
trailer:
  starts: T
  fields: {payments: 2-9, payments_total: 10-21, reversals: 22-29, reversals_total: 30-41}
"""
"""Our own layout, for a partner who can send what is asked for. No aggregator's own layout is claimed."""

NEEDED = ("account", "amount", "trace")


def profile(text: str = DEFAULT) -> Profile:
    """The profile a YAML text describes. Raises `profiles.WrongProfile`."""
    return profile_of(text, needed=NEEDED)


def parse(data: bytes, *, profile: Profile | None = None) -> ParsedPayments:
    """Every payment and reversal of a remittance file. A reversal comes with a negative amount, its kind and, where
    the partner states it, the trace of the payment it takes back in `original`.

    Raises `WrongFormat` when a record cannot be read or the trailer's totals do not agree: nothing may be loaded.
    """
    chosen = profile or _default()
    return payments_of(rows(data, chosen), chosen, amount="amount")


def profiled(text: str) -> Callable[[bytes], ParsedPayments]:
    """The reader of files laid out by a profile. Raises `profiles.WrongProfile`."""
    return partial(parse, profile=profile(text))


@cache
def _default() -> Profile:
    return profile_of(DEFAULT, needed=NEEDED)
