"""Bill-pay remittance: our own layout, a partner's in CSV, reversals, and totals that must agree."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from meterbook.formats.bill_pay import parse, profile, profiled
from meterbook.formats.contract import WrongFormat
from meterbook.formats.profiles import WrongProfile

GOOD = (Path(__file__).parents[3] / "src/meterbook/formats/bill_pay/samples/good-with-a-reversal.txt").read_bytes()
PARTNER = """
kind: csv
amounts: decimal
dates: MM/DD/YYYY
detail:
  fields:
    account: {at: Biller Account, zeros: strip}
    amount: Payment
    trace: Trace
    kind: {at: Type, values: {P: payment, X: reversal}}
    paid_on: Paid
"""


def test_payments_and_a_reversal_with_its_original() -> None:
    parsed = parse(GOOD)
    ana, ben, chidi = parsed.records
    assert (ana.account_number, ana.amount_cents, ana.received_on) == ("100245", 7_000, dt.date(2026, 6, 3))
    assert (ben.payer, ben.reference, ben.invoice) == ("BEN CASTILLO", "260603000002", "2211")
    assert (chidi.kind, chidi.amount_cents, chidi.original) == ("reversal", -7_000, "260602000017")
    assert (parsed.control_total_cents, parsed.control_count, parsed.origin) == (12_345, 3, "REMITCO")
    assert parsed.controls.endswith("payments 2, payments total 193.45, reversals 1, reversals total 70.00")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("00000002", "00000003", "payments"),
        ("000000019345", "000000019344", "payments_total"),
        ("00000001000000007000", "00000001000000007001", "reversals_total"),
        ("N               20260603", "Q               20260603", "kind"),
        ("N               20260603", "N               20261303", "paid_on"),
        ("0000012345BEN", "000001234XBEN", "amount"),
        ("\nT0000", "\nX0000", "record type"),
        ("ANA BROOK", "ANA BROO", "record"),
    ],
)
def test_what_cannot_be_trusted_is_refused_by_its_field(old: str, new: str, field: str) -> None:
    assert old in GOOD.decode()
    with pytest.raises(WrongFormat) as refusal:
        parse(GOOD.replace(old.encode(), new.encode(), 1))
    assert refusal.value.field == field


def test_a_file_without_its_trailer_is_cut_off() -> None:
    with pytest.raises(WrongFormat, match="the trailer is missing"):
        parse(GOOD[: GOOD.index(b"\nT") + 1])


def test_a_partners_own_columns_are_a_profile() -> None:
    text = (
        b"Biller Account,Payment,Trace,Type,Paid\n0000100245,70.00,T1,P,06/03/2026\n0000100245,70.00,T2,X,06/04/2026\n"
    )
    parsed = profiled(PARTNER)(text)
    assert [(each.account_number, each.amount_cents, each.kind) for each in parsed.records] == [
        ("100245", 7_000, "payment"), ("100245", -7_000, "reversal"),
    ]  # fmt: skip
    assert parsed.controls == "the profile states no control totals"
    with pytest.raises(WrongFormat, match="wrong headings"):
        profiled(PARTNER)(text.replace(b"Trace", b"Ref"))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("kind: xml", "kind: fixed or csv"),
        ("kind: csv\ndetail: {fields: {account: 1, amount: 2}}", "detail.fields.trace: missing"),
        ("kind: fixed\ndetail: {fields: {account: first, amount: 2-3, trace: 4-5}}", "columns like 2-21"),
        ("kind: csv\nhearder: {}", "hearder: unknown"),
        ("kind: csv\namounts: dollars", "amounts: cents or decimal"),
        ("kind: [", "not YAML"),
    ],
)
def test_a_wrong_profile_says_where(text: str, words: str) -> None:
    with pytest.raises(WrongProfile, match=words):
        profile(text)
