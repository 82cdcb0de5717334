"""Settlement files: the customer is credited the gross, the bank sees the net, and both are proved."""

from __future__ import annotations

from pathlib import Path

import pytest

from meterbook.formats.contract import WrongFormat
from meterbook.formats.settlement import parse

GOOD = (Path(__file__).parents[3] / "src/meterbook/formats/settlement/samples/good-one-day.csv").read_bytes()


def test_gross_fee_and_kind_of_each_transaction() -> None:
    ana, ben, chidi = parse(GOOD).records
    assert (ana.amount_cents, ana.fee_cents, ana.tender, ana.kind) == (7_000, 175, "card", "payment")
    assert (ben.tender, ben.reference) == ("echeck", "tx_0002")
    assert (chidi.kind, chidi.amount_cents, chidi.original) == ("refund", -4_500, "tx_0000")


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("68.25", "68.26", "net"),
        ("#END,3", "#END,4", "count"),
        ("148.45,2.25", "148.46,2.25", "total"),
        ("2.25,146.20", "2.26,146.20", "fee"),
        ("146.20", "146.21", "net"),
        ("70.00", "70", "gross"),
        (",refund,", ",gift,", "kind"),
        ("2026-06-03,payment,Ana", "2026-6-3,payment,Ana", "paid_on"),
        ("70.00,1.75,68.25", "-70.00,1.75,-71.75", "gross"),
        (",Ana Brook", "", "row"),
    ],
)
def test_what_cannot_be_trusted_is_refused_by_its_field(old: str, new: str, field: str) -> None:
    assert old in GOOD.decode()
    with pytest.raises(WrongFormat) as refusal:
        parse(GOOD.replace(old.encode(), new.encode(), 1))
    assert refusal.value.field == field
