"""Money received is divided without a cent lost, and a settled item gave each part what was billed for it."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.ledger.agencies.agreements import WrongAgreement, parse_agreements
from meterbook.engine.ledger.agencies.shares import NotDivisible, part_of, settled, split

PARTS = st.lists(st.integers(0, 10**9), min_size=1, max_size=8).filter(sum)


def cut(whole: int, points: list[int]) -> list[int]:
    """An amount in pieces above zero, cut at points."""
    at = sorted({0, whole, *[point % whole for point in points]})
    return [after - before for before, after in pairwise(at)]


@given(PARTS, st.lists(st.integers(1, 10**12), max_size=9))
def test_every_payment_is_divided_to_the_cent_and_nobody_gets_more_than_is_theirs(
    parts: list[int], points: list[int]
) -> None:
    amounts = cut(sum(parts), points)
    shares = settled(parts, amounts)
    assert [sum(row) for row in shares] == amounts
    assert [sum(column) for column in zip(*shares, strict=True)] == parts
    assert all(share >= 0 for row in shares for share in row)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=6).filter(lambda parts: sum(parts) > 0), st.data())
def test_credits_among_the_parts_are_divided_exactly_too(parts: list[int], data: st.DataObject) -> None:
    points = data.draw(st.lists(st.integers(1, 10**9), max_size=5))
    shares = settled(parts, cut(sum(parts), points))
    assert [sum(column) for column in zip(*shares, strict=True)] == parts


@given(PARTS, st.integers(0, 10**9))
def test_no_share_is_a_cent_away_from_its_proportion(parts: list[int], amount: int) -> None:
    for part, share in zip(parts, split(amount, parts), strict=True):
        assert abs(share * sum(parts) - amount * part) < sum(parts)


@given(st.lists(st.integers(-(10**7), 10**7), max_size=12), st.integers(1, 10**6))
def test_the_parts_of_periods_add_up_to_the_part_of_the_whole(periods: list[int], ppm: int) -> None:
    total = taken = 0
    for cents in periods:
        taken += part_of(total + cents, ppm) - part_of(total, ppm)
        total += cents
    assert taken == part_of(total, ppm)


def test_more_than_is_open_divides_nothing() -> None:
    with pytest.raises(NotDivisible):
        settled([100], [60, 60])
    with pytest.raises(NotDivisible):
        split(1, [5, -5])


AGENCY = {
    "code": "hauler", "name": {"en": "Hauler", "es": "Recolector"}, "owns": [{"service": "refuse", "share": "0.82"}],
    "basis": "collected", "every_months": 1, "pay_day": 15, "charged_to": "5420", "pays_from": "1010", "citation": "§6",
}  # fmt: skip


def test_an_agreement_is_read_or_refused_where_it_is_wrong() -> None:
    found = parse_agreements({"agencies": [AGENCY]})["hauler"]
    assert found.owns[0].share_ppm == 820_000
    assert found.period_before(date(2025, 1, 9)) == (date(2024, 12, 1), date(2025, 1, 1))
    for wrong, where in (
        ({"basis": "guessed"}, "basis"), ({"owns": []}, "owns"), ({"pay_day": 31}, "pay_day"),
        ({"owns": [{"service": "refuse", "share": "1.5"}]}, "share"), ({"charged_to": ""}, "charged_to"),
        ({"owns": [{"service": "refuse", "account": "4410"}]}, "owns"), ({"every_months": 5}, "every_months"),
    ):  # fmt: skip
        with pytest.raises(WrongAgreement, match=where):
            parse_agreements({"agencies": [{**AGENCY, **wrong}]})
    with pytest.raises(WrongAgreement, match="once"):
        parse_agreements({"agencies": [AGENCY, AGENCY]})
