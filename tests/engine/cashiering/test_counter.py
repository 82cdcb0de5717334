"""The counter's arithmetic: not a cent between lines and tenders, amounts as keyed, checks as read."""

from __future__ import annotations

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.cashiering import check_line, counting, keyed, splitting
from meterbook.engine.cashiering.check_line import WrongCheckLine, read_check_line
from meterbook.engine.cashiering.counting import WrongCount, counted_cents
from meterbook.engine.cashiering.keyed import WrongAmount, cents_of
from meterbook.engine.cashiering.splitting import TENDERS, Handed, WrongReceipt, lay

CENTS = st.integers(1, 100_000)


@pytest.mark.parametrize("module", [check_line, counting, keyed, splitting])
def test_examples(module: object) -> None:
    assert doctest.testmod(module).failed == 0  # type: ignore[arg-type]


@given(st.lists(CENTS, min_size=1, max_size=6), st.lists(st.tuples(st.sampled_from(TENDERS), CENTS), max_size=5))
def test_every_cent_of_a_tender_pays_a_line_or_is_change(lines: list[int], given_: list[tuple[str, int]]) -> None:
    tenders = [Handed(*each) for each in given_]
    try:
        laid = lay(lines, tenders)
    except WrongReceipt:
        handed, cash = sum(cents for _, cents in given_), sum(cents for kind, cents in given_ if kind == "cash")
        assert handed < sum(lines) or handed - sum(lines) > cash
        return
    for at, cents in enumerate(lines):
        assert sum(piece.cents for piece in laid.pieces if piece.line == at) == cents
    over = {at: each.cents - sum(p.cents for p in laid.pieces if p.tender == at) for at, each in enumerate(tenders)}
    assert sum(over.values()) == laid.change
    assert all(left == 0 or tenders[at].kind == "cash" for at, left in over.items()) and min(over.values()) >= 0
    assert len({(piece.line, piece.tender) for piece in laid.pieces}) == len(laid.pieces)


@given(st.integers(0, 99_999_999))
def test_what_a_field_shows_is_what_was_meant(cents: int) -> None:
    assert cents_of(keyed.keyed(cents)) == cents


@pytest.mark.parametrize("text", ["", ".", "-5", "1.234", "12a", "1e3", "99999999999"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(WrongAmount):
        cents_of(text)


@pytest.mark.parametrize(
    "text", ["", "122000662 12345678 1", "T122000661T", "122000661 123", "T122000661T 1234567890123456789U"]
)
def test_a_misread_check_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(WrongCheckLine) as refused:
        read_check_line(text)
    assert "123" not in str(refused.value)


def test_only_coins_and_bills_are_counted() -> None:
    for pieces in ({3: 1}, {100: -1}):
        with pytest.raises(WrongCount):
            counted_cents(pieces)
