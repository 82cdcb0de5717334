"""What stands in a document is charged and told: no silent stand-in, no number that only one face can carry."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from tests.engine.rates.language.conftest import HEAD, Write, written

from meterbook.engine.rates.check import bills_frame
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.engine.rates.terms import OutOfRange, Refusal

STARTS, ENDS = date(2024, 3, 1), date(2024, 3, 31)
USAGE = "inputs: {usage: {kind: usage}}"
FIXED = "id: a, component: fixed, per: period, price: 5"


def _refused(parts: str, head: str = "", *, old: str = "", new: str = "") -> str:
    with pytest.raises(TariffError) as refused:
        parse_tariff((HEAD + written(parts, head=head)).replace(old, new) if old else HEAD + written(parts, head=head),
                     file="test.yaml")  # fmt: skip
    return str(refused.value)


def _faces(tariff: Tariff, **facts: Decimal | str) -> tuple[list[int] | str, list[int] | str]:
    """The cents of both faces, or the refusal's kind."""
    try:
        priced: list[int] | str = price(tariff, bills_frame(tariff, [(STARTS, ENDS, facts)]))["amount"].to_list()
    except Refusal as refusal:
        priced = type(refusal).__name__
    try:
        told: list[int] | str = [line[4] for line in amounts(tariff, STARTS, ENDS, facts)]
    except Refusal as refusal:
        told = type(refusal).__name__
    return priced, told


def _said(tariff: Tariff, line: int, translate: Callable[[str], str] = str, **facts: Decimal | str) -> list[str]:
    bill = explain(tariff, starts=STARTS, ends=ENDS, determinants=facts)
    return [step.words(translate) for step in bill.lines[line].steps()]


@pytest.mark.parametrize(
    ("parts", "head", "place"),
    [
        (f"{FIXED}\nid: b, component: percent_of, base: [a], percent: '?'", "", "percent"),
        ("id: a, component: fixed, per: period, price: rate", "values: {rate: '?'}", "values.rate"),
        ("id: a, component: fixed, per: '?', price: 5", "", "per"),
        ("id: a, component: fixed, per: period, price: 5, prorate: '?'", "", "prorate"),
        ("id: '?', component: fixed, per: period, price: 5", "", "id"),
        (f"{FIXED}, taxes: ['?']", "", "taxes"),
        (f"{FIXED}, season: each", "seasons: {s: {from: '?', until: '?'}}", "seasons.s.from"),
        ("id: a, component: by_size, key: '?', prices: {x: 1}", "", "key"),
    ],
)
def test_a_question_mark_is_never_a_value(parts: str, head: str, place: str) -> None:
    said = _refused(parts, head)
    assert f"{place}" in said
    assert "found '?'" in said


def test_the_commodity_is_not_guessed() -> None:
    assert "commodity: found '?'" in _refused(FIXED, old="commodity: water", new="commodity: '?'")


@pytest.mark.parametrize("nothing", ["null", "~", "Null"])
def test_nothing_is_not_a_word(nothing: str) -> None:
    assert "label.es: found" in _refused(f"{FIXED}, label: {{en: Base, es: {nothing}}}")
    assert "resolution: found" in _refused(FIXED, old="resolution: R", new=f"resolution: {nothing}")
    parse_tariff(HEAD + written(f"{FIXED}, label: {{en: Base, es: '{nothing}'}}"), file="quoted")


def test_a_name_is_a_name_to_every_reader_of_yaml() -> None:
    assert "in quotes" in _refused("id: true, component: fixed, per: period, price: 5")
    parse_tariff(HEAD + written("id: 'true', component: fixed, per: period, price: 5"), file="quoted")
    assert "all" in _refused(f"{FIXED}, taxes: [all]")
    assert "origin: found" in _refused(FIXED, old="schedule: LANGUAGE", new="schedule: L\norigin: somewhere")


@pytest.mark.parametrize(
    "parts",
    [
        "id: a, component: fixed, per: period, price: '0.000000019 [USD]'",
        "id: a, component: fixed, per: period, price: '- 999999999'",
        "id: a, component: fixed, per: period, price: '(100001)'",
        "id: a, component: fixed, per: period, price: '- - 100001'",
        "id: a, component: tiered, quantity: usage, tiers: [{up_to: '20.1234567 [kWh]', price: 1}, {price: 2}]",
        f"{FIXED}\nid: b, component: percent_of, base: [a], percent: '5.1234567 [1]'",
        f"{FIXED}\nid: b, component: percent_of, base: [a], percent: '(1001)'",
        f"{FIXED}\nid: b, component: discount, of: [a], percent: '(101)'",
        "id: a, component: fixed, per: period, price: '٣'",
    ],
)
def test_a_formula_that_is_but_a_number_is_held_to_the_limits_of_numbers(parts: str) -> None:
    _refused(parts, USAGE)


@pytest.mark.parametrize(
    ("head", "what"),
    [
        ("0.0000000000019 * usage", "at most 12 decimals"),
        ("usage * (400000000000000 / 100000000000000)", "a number of at most 10000000000000"),
        (f"usage + {'9' * 5000}", "a number of at most 10000000000000"),
        ("{of: usage, bands: [{up_to: 5, is: '0.0000000000000001'}, {is: 1}]}", "at most 12 decimals"),
        (f"{{of: usage, bands: [{{up_to: '{'9' * 30}', is: 1}}]}}", "a number from"),
        (f"{{by: [kz], table: {{a: '{'9' * 40}'}}}}", "a number of at most 10000000000000"),
    ],
)
def test_a_number_that_cannot_be_carried_is_refused(head: str, what: str) -> None:
    value = head if head.startswith("{") else f'"{head}"'
    values = f"inputs: {{usage: {{kind: usage}}, kz: {{kind: key}}}}\nvalues: {{x: {value}}}"
    assert what in _refused("id: a, component: formula, amount: x", values)


def test_random_numbers_come_to_the_same_on_both_faces() -> None:
    dice = random.Random(20240301)

    def number() -> str:
        whole = "".join(dice.choices("0123456789", k=dice.choice((1, 3, 7, 12, 13, 14, 30, 60))))
        decimals = "".join(dice.choices("0123456789", k=dice.choice((1, 6, 12, 13))))
        return f"{whole}.{decimals}" if dice.random() < 0.5 else whole

    read = charged = 0
    for _ in range(400):
        ops = dice.choices("+-*/", k=3)
        text = f"({number()} {ops[0]} {number()}) {ops[1]} (usage {ops[2]} {number()})"
        try:
            document = HEAD + written(f"id: a, component: formula, amount: '{text}'", head=USAGE)
            tariff = parse_tariff(document, file="test.yaml")
        except TariffError:
            continue
        read += 1
        priced, told = _faces(tariff, usage=Decimal(dice.choice(("0", "1", "0.000001", "7.25", "1000000000"))))
        assert priced == told, text
        charged += isinstance(priced, list)
    assert read > 50
    assert charged > 10


def test_only_what_a_bill_falls_into_is_told(write: Write) -> None:
    head = "inputs: {city: {kind: key}, zone: {kind: key}}\nvalues: {outside: {by: [zone], table: {a: 20, b: 30}}}"
    tariff = write("id: a, component: fixed, per: period, price: \"if(city == 'in', 10, outside)\"", head=head)
    assert "if(city == 'in', 10, outside) = $10.00, where city = in." in _said(tariff, 0, city="in")
    assert any("the table of outside has 20" in words for words in _said(tariff, 0, city="out", zone="a"))


def test_lines_are_told_as_they_were_read(write: Write) -> None:
    tariff = write(
        "id: a, component: per_unit, quantity: usage, price: 0.33333\n"
        "id: b, component: per_unit, quantity: usage, price: 0.66667\n"
        "id: f, component: formula, amount: 'line(a) + exact(b)'"
    )
    words = "line(a) + exact(b) = $6.99669, where line(a) = $2.33, exact(b) = $4.66669."
    assert words in _said(tariff, 2, usage=Decimal(7))


def test_an_amount_that_is_one_fact_is_told(write: Write) -> None:
    tariff = write("id: f, component: formula, amount: due", head="inputs: {due: {kind: signed, unit: USD}}")
    assert "due = $12.345." in _said(tariff, 0, due=Decimal("12.345"))


def test_yes_and_no_are_put_into_the_language(write: Write) -> None:
    head = "inputs: {people: {kind: count}}\nvalues: {many: 'people > 2'}"
    tariff = write(f"{FIXED}, applies: 'many and people < 9'", head=head)
    said = _said(tariff, 0, lambda words: {"yes": "sí"}.get(words, words), people=Decimal(3))
    assert "many is people > 2 = sí, where people = 3." in said
    assert "many and people < 9 = sí, where people = 3." in said


@pytest.mark.parametrize("second", ["v{one}", "v{two}"])
def test_values_that_rest_on_each_other_twice_are_reckoned_once(write: Write, second: str) -> None:
    values = "values:\n  v0: usage + 1\n  v1: v0\n" + "\n".join(
        f"  v{at}: v{at - 1} * 0.5 + {second.format(one=at - 1, two=at - 2)} * 0.5" for at in range(2, 35)
    )
    began = time.monotonic()
    tariff = write("id: a, component: formula, amount: v34", head=f"{USAGE}\n{values}")
    assert _faces(tariff, usage=Decimal(5)) == ([600], [600])
    assert time.monotonic() - began < 2


def test_a_pure_number_is_not_dollars() -> None:
    head = "inputs: {usage: {kind: usage, unit: ccf}}"
    assert "found a pure number" in _refused("id: a, component: formula, amount: 'usage / 1 [ccf]'", head)


def test_a_determinant_is_a_key_or_a_number() -> None:
    sized = "id: a, component: by_size, key: kx, prices: {x: 5}"
    said = _refused(f"{sized}\nid: b, component: per_unit, quantity: kx, price: 1")
    assert "the determinant kx as a key and as a number" in said


@pytest.mark.parametrize("day", ["0001-01-01", "1899-12-31", "2200-01-01"])
def test_a_day_far_from_ours_is_refused(day: str) -> None:
    assert "a date from 1900 to 2199" in _refused(FIXED, old="2024-01-01", new=day)


def test_a_bill_far_from_ours_is_refused_by_both(write: Write) -> None:
    head = "seasons: {s: {from: 01-01, until: 07-01}, w: {from: 07-01, until: 01-01}}"
    tariff = write(f"{FIXED}, season: each", head=head)
    far = (date(9999, 11, 1), date(9999, 12, 31))
    with pytest.raises(OutOfRange, match="a year from 1900 to 2199"):
        price(tariff, bills_frame(tariff, [(*far, {})]))
    with pytest.raises(OutOfRange, match="a year from 1900 to 2199"):
        amounts(tariff, *far, {})
