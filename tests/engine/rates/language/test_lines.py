"""Conditions, tags, other lines rounded and unrounded, defaults; and what a formula may not say."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.engine.rates.language.conftest import Write

from meterbook.engine.rates.check import bills_frame, disagreements
from meterbook.engine.rates.document import TariffError
from meterbook.engine.rates.explain import amounts, explain
from meterbook.engine.rates.language.expressions import FUNCTIONS, FormulaError, Typed, parse_formula
from meterbook.engine.rates.price import price
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.rates.terms import MissingDeterminant, OutOfRange, Refusal, UnknownKey

APRIL = (date(2024, 4, 1), date(2024, 5, 1))
Facts = dict[str, Decimal | str | None]


def cents(tariff: Tariff, facts: Facts, period: tuple[date, date] = APRIL) -> dict[str, int]:
    """Cents by component; both faces agree on them."""
    frame = bills_frame(tariff, [(*period, facts)])
    lines = price(tariff, frame)
    assert disagreements(tariff, frame, lines) == []
    found: dict[str, int] = {}
    for name, amount in zip(lines["component"], lines["amount"], strict=True):
        found[name] = found.get(name, 0) + amount
    return found


def test_a_line_is_rounded_and_exact_is_not(write: Write) -> None:
    tariff = write(
        "id: a, component: formula, amount: usage / 3\n"
        "id: rounded, component: formula, amount: line(a) * 1000\n"
        "id: exact, component: formula, amount: exact(a) * 1000",
        head="inputs: {usage: {kind: usage}}",
    )
    assert cents(tariff, {"usage": Decimal(1)}) == {"a": 33, "rounded": 33000, "exact": 33333}


def test_exact_of_a_prorated_line_is_its_own_share(write: Write) -> None:
    tariff = write("id: a, component: fixed, price: 10, per: period\nid: b, component: formula, amount: exact(a)")
    assert cents(tariff, {}, (APRIL[0], APRIL[0] + timedelta(days=7))) == {"a": 233, "b": 233}
    lines = amounts(tariff, APRIL[0], APRIL[0] + timedelta(days=7), {})
    assert lines[1][9] == Decimal("233.3333333333")


def test_a_line_that_does_not_apply_comes_to_nothing_for_others(write: Write) -> None:
    tariff = write(
        "id: a, component: fixed, price: 10, per: period, applies: \"k == 'yes'\", taxes: [t]\n"
        "id: b, component: fixed, price: 7, per: period, taxes: [t]\n"
        "id: tax, component: percent_of, base: t, percent: 10\n"
        "id: c, component: formula, amount: line(a) + exact(b)",
        head="inputs: {k: {kind: key, default: 'no'}}",
    )
    assert cents(tariff, {"k": "yes"}) == {"a": 1000, "b": 700, "tax": 170, "c": 1700}
    assert cents(tariff, {"k": "no"}) == cents(tariff, {}) == {"b": 700, "tax": 70, "c": 700}
    frame = bills_frame(tariff, [(*APRIL, {"k": key}) for key in ("yes", None, "no", "yes")])
    assert disagreements(tariff, frame, price(tariff, frame)) == []


def test_a_charge_that_does_not_apply_needs_no_facts(write: Write) -> None:
    tariff = write(
        "id: a, component: per_unit, quantity: usage, price: 1\n"
        "id: b, component: formula, amount: size, applies: usage > 5",
        head="inputs: {usage: {kind: usage}, size: {kind: count}}",
    )
    assert cents(tariff, {"usage": Decimal(5)}) == {"a": 500}
    for face in (lambda facts: amounts(tariff, *APRIL, facts), lambda facts: cents(tariff, facts)):
        with pytest.raises(MissingDeterminant, match="size"):
            face({"usage": Decimal(6)})


def test_conditions_are_told(write: Write) -> None:
    tariff = write("id: a, component: fixed, price: 10, per: period, applies: usage > 5",
                   head="inputs: {usage: {kind: usage}}")  # fmt: skip
    (line,) = explain(tariff, starts=APRIL[0], ends=APRIL[1], determinants={"usage": Decimal(9)}).lines
    assert "usage > 5 = yes, where usage = 9." in [step.words(str) for step in line.steps()]


def test_usage_in_a_formula_is_that_of_the_days(write: Write) -> None:
    """Thirty days of usage, ten before the change: a third and two thirds, which sum to the whole."""
    components = "id: a, component: formula, amount: usage * 2"
    head = "inputs: {usage: {kind: usage}}"
    tariff = write(components, head=head, more=(("2024-04-11", components, head),))
    lines = amounts(tariff, *APRIL, {"usage": Decimal(100)})
    assert [line[4] for line in lines] == [6666, 13334]
    assert cents(tariff, {"usage": Decimal(100)}) == {"a": 20000}


def test_billed_units_are_whole_before_they_are_split(write: Write) -> None:
    components = "id: a, component: per_unit, quantity: usage, price: 10"
    head = "inputs: {usage: {kind: usage, unit: kgal, billed: {per: 1000, rounding: down}}}"
    tariff = write(components, head=head, more=(("2024-04-11", components, head),))
    lines = amounts(tariff, *APRIL, {"usage": Decimal(7999)})
    assert [line[7] for line in lines] == [Decimal("2.33"), Decimal("4.67")]
    assert cents(tariff, {"usage": Decimal(7999)}) == {"a": 7000}


@pytest.mark.parametrize("rounding", ["down", "up", "half_up", "half_even"])
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(usages=st.lists(st.integers(0, 3000).map(lambda one: Decimal(one) * 187), min_size=1, max_size=6))
def test_billed_units_by_both_faces(write: Write, rounding: str, usages: list[Decimal]) -> None:
    tariff = write("id: a, component: per_unit, quantity: usage, price: 1",
                   head=f"inputs: {{usage: {{kind: usage, billed: {{per: 748, rounding: {rounding}}}}}}}")  # fmt: skip
    frame = bills_frame(tariff, [(*APRIL, {"usage": usage}) for usage in usages])
    assert disagreements(tariff, frame, price(tariff, frame)) == []


def test_too_many_billed_units_are_refused(write: Write) -> None:
    tariff = write("id: a, component: per_unit, quantity: usage, price: 1",
                   head="inputs: {usage: {kind: usage, billed: {per: 0.5, rounding: down}}}")  # fmt: skip
    for face in (lambda facts: amounts(tariff, *APRIL, facts), lambda facts: cents(tariff, facts)):
        with pytest.raises(OutOfRange, match="billed units"):
            face({"usage": Decimal(10**9)})


def test_an_unknown_key_of_a_table_is_named(write: Write) -> None:
    head = "inputs: {k: {kind: key}, j: {kind: key}}\nvalues:\n  v: {by: [k, j], table: {a: {x: 1}, b: {x: 2, y: 3}}}"
    tariff = write("id: a, component: fixed, price: v, per: period", head=head)
    assert cents(tariff, {"k": "b", "j": "y"}) == {"a": 300}
    for face in (lambda facts: amounts(tariff, *APRIL, facts), lambda facts: cents(tariff, facts)):
        with pytest.raises(UnknownKey, match="no price for k, j = a / y"):
            face({"k": "a", "j": "y"})


def test_above_the_last_band_is_refused(write: Write) -> None:
    head = "inputs: {n: {kind: count}}\nvalues:\n  v: {of: n, bands: [{up_to: 5, is: 1}, {up_to: 9, is: 2}]}"
    tariff = write("id: a, component: fixed, price: v, per: period", head=head)
    assert [cents(tariff, {"n": Decimal(n)})["a"] for n in ("0", "5", "5.000001", "9")] == [100, 100, 200, 200]
    for face in (lambda facts: amounts(tariff, *APRIL, facts), lambda facts: cents(tariff, facts)):
        with pytest.raises(OutOfRange, match="n is above the last band"):
            face({"n": Decimal("9.000001")})


def test_defaults_stand_where_nothing_is_stated(write: Write) -> None:
    head = "inputs: {n: {kind: count, default: 4}, k: {kind: key, default: x}, s: {kind: signed, default: -2}}"
    tariff = write("id: a, component: formula, amount: \"n + s + if(k == 'x', 10, 0)\"", head=head)
    assert cents(tariff, {}) == {"a": 1200}
    assert cents(tariff, {"n": Decimal(1), "k": "y", "s": Decimal(3)}) == {"a": 400}
    frame = bills_frame(tariff, [(*APRIL, one) for one in ({}, {"n": Decimal(1)}, {"k": "y"}, {"s": Decimal(0)})])
    assert disagreements(tariff, frame, price(tariff, frame)) == []


TYPES = {"usage": Typed("number", (("ccf", 1),)), "n": Typed("number"), "k": Typed("text")}
WRONG = [
    ("usge + 1", "the name usge", "usage"),
    ("sqrt(n)", "the function sqrt", ", ".join(FUNCTIONS)),
    ("__import__('os')", "the function __import__", "one of"),
    ("n.real", "'.real'", "an operator"),
    ("n ** 2", "'*'", "a number, a name"),
    ("usage + 1 [USD]", "ccf + USD", "the same unit"),
    ("usage > 2 [gal]", "ccf > gal", "the same unit"),
    ("max(usage, 1 [gal])", "ccf and gal", "the same unit"),
    ("if(n > 1, usage, 1 [USD])", "ccf or USD", "the same unit"),
    ("if(n, 1, 2)", "a number", "a truth"),
    ("if(n > 1, 1, 'a')", "a number or a text", "the same kind"),
    ("k + 1", "a text", "a number"),
    ("k < 'b'", "a text < a text", "two numbers"),
    ("n > 1 > 0", "'>'", "an operator"),
    ("round(n, 2)", "round() without its mode", "half_up"),
    ("round(n, 2, away)", "round() without its mode", "half_up"),
    ("round(n, 13, down)", "other places", "a whole number"),
    ("round(n, -7, down)", "-7 places", "a whole number"),
    ("round(n, n, down)", "other places", "a whole number"),
    ("min(n)", "1 arguments of min", "2 to 99"),
    ("if(n > 1, 2)", "2 arguments of if", "3"),
    ("line(n + 1)", "an expression in line()", "the id"),
    ("line(later)", "line(later)", "stands earlier"),
    ("exact(later)", "exact(later)", "stands earlier"),
    ("5 [gal/ccf", "'[gal/ccf'", "a number"),
    ("5 [7]", "'[7]'", "a unit"),
    ("(n", "'the end'", "')'"),
    ("n)", "')'", "an operator"),
    ("", "'the end'", "a number"),
    ("1e5", "'e5'", "an operator"),
    ("'a", "", "a number"),
    ("and", "'and'", "a number"),
    ("(" * 70 + "1" + ")" * 70, "more than 60 levels", "people can read"),
]


@pytest.mark.parametrize(("text", "found", "expected"), WRONG, ids=[text[:20] for text, *_ in WRONG])
def test_what_a_formula_may_not_say(text: str, found: str, expected: str) -> None:
    with pytest.raises(FormulaError) as refused:
        parse_formula(text, scope=TYPES, earlier=("a", "b"))
    assert found in refused.value.found
    assert expected in refused.value.expected


@pytest.mark.parametrize("text", ["-" * 5000 + "1", "not " * 5000 + "1 > 0", "+" * 5000 + "1", "1" + " + 1" * 5000,
                                  "abs(" * 200 + "1" + ")" * 200])  # fmt: skip
def test_no_formula_takes_python_down(text: str) -> None:
    with pytest.raises(FormulaError):
        parse_formula(text, scope={})


TWO = "id: a, component: fixed, price: 1, per: period\nid: b, component: "
REFUSED = [
    ("id: a, component: fixed, price: line(a), per: period", "", "line(a)"),
    ("id: a, component: fixed, price: 1, per: period, applies: 1 + 1", "", "a number"),
    ("id: a, component: formula, amount: usage * 2, prorate: true", "inputs: {usage: {kind: usage}}", "'true'"),
    ("id: a, component: formula, amount: days * 2, prorate: true", "", "'true'"),
    ("id: a, component: formula, amount: 'n * 1 [gal]'", "inputs: {n: {kind: count}}", "gal"),
    ("id: a, component: formula, amount: 5, unit: kW", "", "'kW'"),
    ("id: a, component: percent_of, base: all, percent: 5", "", "'all'"),
    ("id: a, component: percent_of, base: [], percent: 5", "", "0 items"),
    (TWO + "percent_of, base: [a, a], percent: 5", "", "'a'"),
    (TWO + "percent_of, base: [a], percent: 1001", "", "'1001'"),
    (TWO + "discount, of: [a]", "", "neither"),
    (TWO + "discount, of: [a], percent: 1, dollars: 1", "", "both"),
    (TWO + "discount, of: [a], percent: -1", "", "'-1'"),
    ("id: a, component: fixed, price: 1, per: period", "inputs: {n: {kind: count, default: 2000000}}", "'2000000'"),
    ("id: a, component: fixed, price: 1, per: period", "inputs: {n: {kind: usage, default: -1}}", "'-1'"),
    ("id: a, component: fixed, price: 1, per: period",
     "inputs: {n: {kind: count, billed: {per: 10, rounding: down}}}", "billed units of a count"),
    ("id: a, component: per_unit, quantity: n, price: 1", "inputs: {n: {kind: count}}", "n, which is not split"),
    ("id: a, component: per_unit, quantity: n + 2, price: 1", "inputs: {n: {kind: count}}", "n + 2, which is not"),
    ("id: a, component: tiered, quantity: n, tiers: [{price: 1}]", "inputs: {n: {kind: signed}}", "n, which is not"),
    ("id: a, component: fixed, price: v, per: period", "values: {v: v + 1}", "v → v"),
    ("id: a, component: fixed, price: v, per: period", "values: {v: w + 1, w: v * 2}", "v → w → v"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("components", "head", "found"), REFUSED, ids=[f"{one[2]} {at}" for at, one in enumerate(REFUSED)]
)
def test_documents_refused(write: Write, components: str, head: str, found: str) -> None:
    with pytest.raises(TariffError) as refused:
        write(components, head=head)
    assert any(found in problem.found for problem in refused.value.problems), str(refused.value)


PERIODS = st.tuples(st.integers(0, 60), st.integers(1, 70)).map(
    lambda one: (date(2024, 1, 1) + timedelta(days=one[0]), date(2024, 1, 1) + timedelta(days=sum(one)))
)


def _two(low: int, high: int) -> st.SearchStrategy[str]:
    return st.integers(low * 100, high * 100).map(lambda value: f"{Decimal(value).scaleb(-2)}")


@st.composite
def charges(draw: st.DrawFn) -> str:
    """A schedule of charges that look at each other, with limits of every kind."""
    prorate = st.sampled_from(["true", "false"])
    text = [
        f"id: base, component: fixed, price: {draw(_two(-9, 50))}, per: period, prorate: {draw(prorate)}, taxes: [t]",
        "id: energy, component: tiered, quantity: usage, taxes: [t], "
        f"tiers: [{{up_to: n * 10 + 1, price: {draw(_two(0, 3))}}}, {{price: {draw(_two(-1, 3))}}}]",
        f"id: said, component: formula, amount: \"if(k == 'a', n * {draw(_two(-3, 3))}, 5) / 7\", "
        f"prorate: {draw(prorate)}",
        f"id: used, component: formula, quantity: usage, "
        f"amount: usage * n / {draw(st.integers(1, 9))} - exact(energy) / 3",
    ]
    extra = ""
    for key, value in (("exempt", _two(0, 30)), ("cap", _two(0, 9))):
        if draw(st.booleans()):
            extra += f", {key}: {draw(value)}"
    if draw(st.booleans()):
        extra += ", year_cap: {cap: 20.05, so_far: spent}"
    percent = draw(st.one_of(_two(-90, 90), st.just("n - 5")))
    text.append(f"id: tax, component: percent_of, base: t, percent: {percent}, prorate: {draw(prorate)}{extra}")
    text.append(f"id: stack, component: percent_of, base: all, percent: {draw(_two(0, 9))}")
    body = draw(st.sampled_from(["percent: 33.3", "percent: n * 4", "dollars: 4.44", "dollars: n / 3"]))
    if body.startswith("percent") and draw(st.booleans()):
        body += f", first: {{units: {draw(_two(0, 60))}, quantity: usage}}"
    for key, value in (("least", _two(0, 9)), ("cap", _two(0, 9))):
        if draw(st.booleans()):
            body += f", {key}: {draw(value)}"
    if draw(st.booleans()):
        body += ", year_cap: {cap: 20.05, so_far: spent}"
    text.append(
        f"id: off, component: discount, applies: \"k != 'b'\", of: [base, energy], {body}, prorate: {draw(prorate)}"
    )
    text.append("id: last, component: formula, amount: exact(tax) + exact(off) + line(stack)")
    return "\n".join(text)


BILLS = st.lists(
    st.tuples(
        PERIODS,
        st.fixed_dictionaries({
            "usage": st.integers(0, 9000).map(lambda one: Decimal(one).scaleb(-2)),
            "n": st.integers(0, 120).map(lambda one: Decimal(one).scaleb(-1)),
            "k": st.sampled_from(["a", "b", "c"]),
            "spent": st.integers(0, 2500).map(lambda one: Decimal(one).scaleb(-2)),
        }),
    ), min_size=1, max_size=6,
)  # fmt: skip
DRAWN = "inputs: {usage: {kind: usage}, n: {kind: count}, k: {kind: key}, spent: {kind: count}}"


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=charges(), second=charges(), bills=BILLS)
def test_drawn_schedules_price_and_explain_alike(
    write: Write, first: str, second: str, bills: list[tuple[tuple[date, date], Facts]]
) -> None:
    tariff = write(first, head=DRAWN, more=(("2024-02-10", second, DRAWN),))
    fine = []
    for period, facts in bills:
        try:
            amounts(tariff, *period, facts)
        except Refusal as refusal:
            with pytest.raises(type(refusal)):
                price(tariff, bills_frame(tariff, [(*period, facts)]))
        else:
            fine.append((*period, facts))
    frame = bills_frame(tariff, fine)
    assert disagreements(tariff, frame, price(tariff, frame)) == []
    for starts, ends, facts in fine[:2]:
        for line in explain(tariff, starts=starts, ends=ends, determinants=facts).lines:
            assert all("{" not in step.words(str) for step in line.steps())


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(period=PERIODS, spent=st.integers(0, 2500).map(lambda one: Decimal(one).scaleb(-2)))
def test_a_year_cap_is_never_passed_in_pieces(write: Write, period: tuple[date, date], spent: Decimal) -> None:
    text = ("id: a, component: fixed, price: 500, per: period\n"
            "id: t, component: percent_of, base: [a], percent: 50, year_cap: {cap: 20.05, so_far: spent}")  # fmt: skip
    tariff = write(text, more=(("2024-01-20", text, ""), ("2024-02-10", text, "")))
    charged = cents(tariff, {"spent": spent}, period).get("t", 0)
    assert charged == max(0, 2005 - int(spent * 100)) or charged < 2005
    assert charged + spent * 100 <= 2005 or charged == 0


def test_values_may_rest_on_each_other_only_so_deep(write: Write) -> None:
    def chain(count: int) -> str:
        return "values: {v0: 1, " + ", ".join(f"v{at}: v{at - 1} + 1" for at in range(1, count)) + "}"

    fixed = "id: a, component: fixed, price: v39, per: period"
    assert cents(write(fixed, head=chain(40)), {}) == {"a": 4000}
    with pytest.raises(TariffError, match="values that rest on each other"):
        write(fixed, head=f"values: {{top: v999 + 1, {chain(1000)[9:]}")
    long = " + ".join(["1"] * 95)
    deep = f'values: {{a: "{long}", b: "a + {long}", c: "b + {long}"}}'
    with pytest.raises(TariffError, match="levels of values and formulas"):
        write("id: a, component: fixed, price: c, per: period", head=deep)


def test_the_meter_s_unit_of_billed_usage(write: Write) -> None:
    head = "inputs: {usage: {kind: usage, unit: ccf, billed: {per: 748, rounding: down, measured: gal}}}"
    tariff = write("id: a, component: per_unit, quantity: usage, price: 1.35", head=head)
    assert (tariff.unit, tariff.measured_unit) == ("ccf", "gal")
    assert cents(tariff, {"usage": Decimal(14211)}) == {"a": 2430}
    same = write("id: a, component: per_unit, quantity: usage, price: 1", head="inputs: {usage: {kind: usage}}")
    assert same.measured_unit == "ccf"
