"""Formulas drawn at random come to exactly the same in columns and in Decimal, refusals included."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.rates.language.conftest import Write

from meterbook.engine.rates import explain
from meterbook.engine.rates.check import bills_frame
from meterbook.engine.rates.language import in_decimal, on_columns
from meterbook.engine.rates.language.expressions import Formula, FormulaError, parse_formula
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import OutOfRange, Refusal
from meterbook.engine.rates.versions import Charged, slices

FIRST = date(2024, 1, 1)
INPUTS = """\
inputs:
  usage: {kind: usage}
  n: {kind: count}
  s: {kind: signed}
  k: {kind: key}
  billed: {kind: usage, billed: {per: "748", rounding: half_even}}
  spare: {kind: per_period, default: 2.5}
"""
VALUES = """\
values:
  twice: "usage * 2"
  quotient: {formula: "usage / (n + 1)"}
  table: {by: [k], table: {a: 1.25, b: "s * 3"}, otherwise: "n - 7"}
  two: {by: [k, size], table: {a: {small: 1, large: n}, b: {small: "usage / 3", large: -2}}, otherwise: 0}
  size: {formula: "if(n > 10, 'large', 'small')"}
  banded: {of: "s", bands: [{up_to: -1, is: "0 - usage"}, {up_to: 3.5, is: 2}, {is: "n / 7"}]}
"""
NAMES = ["usage", "n", "s", "billed", "spare", "twice", "quotient", "table", "two", "banded",
         "days", "bill_days", "full_days", "normal_days"]  # fmt: skip


def _decimals(low: int, high: int, places: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low * 10**places, high * 10**places).map(lambda value: Decimal(value).scaleb(-places))


numbers = st.one_of(_decimals(0, 20, 0), _decimals(0, 3, 3), _decimals(0, 1, 12), _decimals(0, 10**7, 0)).map(
    lambda value: f"{value:f}"
)
leaves = st.one_of(numbers, st.sampled_from(NAMES))


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pair = st.tuples(inner, inner)
    modes = st.sampled_from(["half_up", "half_even", "up", "down"])
    compared = st.tuples(inner, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), inner).map(" ".join)
    keyed = st.sampled_from(["k == 'a'", "k != 'b'", "size == 'small'"])
    truths = st.one_of(
        compared, keyed, compared.map("not ({})".format), st.tuples(compared, keyed).map(" and ".join),
        st.tuples(compared, keyed).map(" or ".join),
    )  # fmt: skip
    return st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda one: f"({' '.join(one)})"),
        inner.map("-{}".format),
        inner.map("abs({})".format),
        inner.map("ceil({})".format),
        inner.map("floor({})".format),
        pair.map(lambda one: f"min({one[0]}, {one[1]})"),
        st.tuples(inner, inner, inner).map(lambda one: f"max({', '.join(one)})"),
        st.tuples(inner, st.integers(-4, 9), modes).map(lambda one: f"round({one[0]}, {one[1]}, {one[2]})"),
        st.tuples(truths, inner, inner).map(lambda one: f"if({', '.join(one)})"),
    )


formulas = st.recursive(leaves, _grown, max_leaves=9)
facts = st.fixed_dictionaries(
    {
        "usage": st.one_of(_decimals(0, 400, 0), _decimals(0, 3, 6), st.just(Decimal(10**9))),
        "n": _decimals(0, 24, 1),
        "s": _decimals(-9, 9, 2),
        "k": st.sampled_from(["a", "b", "other"]),
        "billed": st.one_of(_decimals(0, 9000, 0), st.integers(0, 9).map(lambda half: Decimal(374 * half))),
        "spare": st.one_of(st.none(), _decimals(0, 9, 3)),
    }
)
periods = st.tuples(st.integers(0, 60), st.integers(1, 70)).map(
    lambda one: (FIRST + timedelta(days=one[0]), FIRST + timedelta(days=sum(one)))
)
Bill = tuple[tuple[date, date], dict[str, Decimal | str | None]]


@pytest.fixture(scope="module")
def tariff(write: Write) -> Tariff:
    """Two versions with the same names, the second from February 10."""
    reads = "0 * (usage + n + s + billed + spare + if(k == 'a', 1, 2))"
    components = f'{{id: all, component: formula, amount: "{reads}"}}'.strip("{}")
    return write(components, head=INPUTS + VALUES, more=(("2024-02-10", components, INPUTS + VALUES),))


def _in_columns(tariff: Tariff, formula: Formula, bills: list[Bill]) -> dict[tuple[int, int], object]:
    frame = bills_frame(tariff, [(*period, stated) for period, stated in bills])
    found: dict[tuple[int, int], object] = {}
    for one in slices(tariff, frame):
        value = on_columns.evaluate(formula, one, component="c", charged=Charged({}, {}))
        value = value if value.len() == one.rows.len() else value.new_from_index(0, one.rows.len())
        for row, number in zip(one.rows.to_list(), value.to_list(), strict=True):
            found[row, one.index] = Decimal(number).scaleb(-12) if isinstance(number, int) else number
    return found


def _in_decimal(tariff: Tariff, formula: Formula, row: int, bill: Bill) -> dict[tuple[int, int], object]:
    (starts, ends), stated = bill
    with localcontext(Context(prec=60)):
        return {(row, index): in_decimal.reckon(formula, span, stated, {}, component="c")
                for index, span in explain._spans(tariff, starts, ends)}  # fmt: skip


def _both(tariff: Tariff, text: str, bills: list[Bill]) -> None:
    formula = parse_formula(text, scope=tariff.versions[0].scope.types())
    expected: dict[tuple[int, int], object] = {}
    fine: list[Bill] = []
    for bill in bills:
        try:
            mine = _in_decimal(tariff, formula, len(fine) + 1, bill)
        except Refusal as refusal:
            with pytest.raises(type(refusal)):
                _in_columns(tariff, formula, [bill])
            continue
        expected |= mine
        fine.append(bill)
    assert _in_columns(tariff, formula, fine) == expected


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=formulas, bills=st.lists(st.tuples(periods, facts), min_size=1, max_size=5))
def test_both_faces_come_to_the_same(tariff: Tariff, text: str, bills: list[Bill]) -> None:
    try:
        _both(tariff, text, bills)
    except FormulaError as error:  # the formula is refused before anything is computed
        assert "a division by 0" in str(error)


USUAL: dict[str, Decimal | str | None] = {
    "usage": Decimal(100), "n": Decimal(3), "s": Decimal("-1.5"), "k": "a", "billed": Decimal(1122), "spare": None,
}  # fmt: skip
WORKED = [
    ("2 + 3 * 4", "14"),
    ("-2 * -3", "6"),
    ("10 / 4 / 5", "0.5"),
    ("1 / 3", "0.333333333333"),
    ("2 / 3", "0.666666666667"),
    ("-2 / 3", "-0.666666666667"),
    ("1 / 3 * 3", "0.999999999999"),
    ("0.0000005 * 0.000001", "0.000000000001"),
    ("-0.0000005 * 0.000001", "-0.000000000001"),
    ("round(2.5, 0, half_up)", "3"),
    ("round(-2.5, 0, half_up)", "-3"),
    ("round(2.5, 0, half_even)", "2"),
    ("round(3.5, 0, half_even)", "4"),
    ("round(-2.5, 0, half_even)", "-2"),
    ("round(2.1, 0, up)", "3"),
    ("round(-2.1, 0, up)", "-3"),
    ("round(-2.9, 0, down)", "-2"),
    ("round(1250, -2, half_even)", "1200"),
    ("ceil(-2.5)", "-2"),
    ("floor(-2.5)", "-3"),
    ("abs(s)", "1.5"),
    ("min(usage, n, 2)", "2"),
    ("max(usage, n, 2)", "100"),
    ("if(k == 'a' and not n > 3, usage / n, 0)", "33.333333333333"),
    ("if(usage == 0, 1 / usage, 7)", "7"),
    ("billed", "2"),
    ("spare", "2.5"),
    ("table + two + banded", "-97.75"),
    ("days + bill_days + full_days + normal_days", "120"),
    ("(2 * 3) * (4 * 5)", "120"),
    ("(usage * 2) * (usage * 3)", "60000"),
]


@pytest.mark.parametrize(("text", "comes_to"), WORKED, ids=[text for text, _ in WORKED])
def test_worked_formulas(tariff: Tariff, text: str, comes_to: str) -> None:
    formula = parse_formula(text, scope=tariff.versions[0].scope.types())
    bill: Bill = ((date(2024, 1, 2), date(2024, 2, 1)), USUAL)
    assert _in_columns(tariff, formula, [bill, bill]) == {(1, 0): Decimal(comes_to), (2, 0): Decimal(comes_to)}
    assert _in_decimal(tariff, formula, 1, bill) == {(1, 0): Decimal(comes_to)}


@pytest.mark.parametrize(
    "text",
    ["usage / (n - 3)", "10000000 * 1000000.1", "10000000 * 1000000 + 0.5", "0 - 10000000 * 1000000 - 1",
     "1000 / 0.00000000001", "10000000 * 1000000.000001", "round(9999999999999.9, 0, half_up) + 1"],
)  # fmt: skip
def test_both_faces_refuse(tariff: Tariff, text: str) -> None:
    formula = parse_formula(text, scope=tariff.versions[0].scope.types())
    bill: Bill = ((date(2024, 1, 2), date(2024, 2, 1)), USUAL)
    with pytest.raises(OutOfRange):
        _in_decimal(tariff, formula, 1, bill)
    with pytest.raises(OutOfRange) as refused:
        _in_columns(tariff, formula, [bill])
    assert refused.value.rows == [1]


def test_a_branch_is_only_asked_of_bills_that_fall_into_it(tariff: Tariff) -> None:
    """The second bill lacks what only the first needs."""
    formula = parse_formula("if(k == 'a', usage, n)", scope=tariff.versions[0].scope.types())
    period = (date(2024, 1, 2), date(2024, 2, 1))
    bills: list[Bill] = [(period, USUAL), (period, {**USUAL, "k": "b", "usage": None})]
    assert _in_columns(tariff, formula, bills) == {(1, 0): Decimal(100), (2, 0): Decimal(3)}
    assert _in_decimal(tariff, formula, 2, bills[1]) == {(2, 0): Decimal(3)}
