"""Every convention of the specification's calculator on an invented class, with its bill worked out by hand."""

from __future__ import annotations

from decimal import Decimal

import pytest
from tests.formats.owrs.pricing import bill, file_of

from meterbook.engine.rates.tariff import parse_tariff
from meterbook.engine.rates.terms import MissingDeterminant
from meterbook.formats.owrs import parse
from meterbook.formats.owrs.classes.scope import Unusable
from meterbook.formats.owrs.facts import BadScenario
from meterbook.formats.owrs.native import convert

TIERED = """
service_charge: 10
tier_starts: [0, 6, 16]
tier_prices: [1, 2, 4]
commodity_charge: Tiered
bill: service_charge+commodity_charge
"""
BUDGET = """
indoor: gpcd*hhsize*days_in_period*(1/748)
gpcd: 55
outdoor: 0.7*et_amount*irr_area*0.62*(1/748)
budget: indoor+outdoor
tier_starts: [0, indoor, 101%, 150%]
tier_prices: [1, 2, 5, 10]
commodity_charge: Budget
bill: commodity_charge
"""
HOUSE = {"hhsize": "3", "days_in_period": "30.4", "et_amount": "4", "irr_area": "2000"}
SIZES = """
service_charge:
  depends_on: [meter_size, city_limits]
  values:
    5/8"|inside_city: 10
    5/8"|outside_city: 15
    1|1/2"|inside_city: 40
    1|1/2"|outside_city: 60
bill: service_charge
"""


@pytest.mark.parametrize(
    ("usage", "expected"),
    [("0", "10"), ("5", "15"), ("5.5", "16"), ("15", "35"), ("15.5", "37"), ("20", "55")],
)
def test_tier_starts_are_the_first_whole_unit_at_their_price(usage: str, expected: str) -> None:
    assert bill(TIERED, usage=usage) == Decimal(expected)


@pytest.mark.parametrize(
    ("usage", "expected"),
    # indoor 6.706 -> 7, outdoor 4.642 -> 5, budget 12; 101 % is 12.12 -> 12, 150 % is 18
    [("7", "7"), ("8", "9"), ("12", "17"), ("13", "22"), ("18", "47"), ("19", "57")],
)
def test_budgets_are_whole_units_before_they_are_added_and_taken_percents_of(usage: str, expected: str) -> None:
    assert bill(BUDGET, usage=usage, **HOUSE) == Decimal(expected)


def test_a_budget_of_half_a_unit_goes_to_the_even_side() -> None:
    tiers = "\ntier_starts: [0, 100%]\ntier_prices: [1, 3]\ncommodity_charge: Budget\nbill: commodity_charge"
    assert bill(f"budget: 0.5*hhsize{tiers}", usage="10", hhsize="5") == 2 + 3 * 8  # 2.5 -> 2
    assert bill(f"budget: 0.5*hhsize{tiers}", usage="10", hhsize="7") == 4 + 3 * 6  # 3.5 -> 4
    assert bill(f"budget: a_budget_ccf*10{tiers}", usage="10", a_budget_ccf="0.3") == 30  # an input is whole too


def test_an_input_stands_in_place_of_a_key() -> None:
    keys = "et_amount: 38\nbill: et_amount*usage_ccf"
    assert bill(keys, usage="2") == 76
    assert bill(keys, usage="2", et_amount="4") == 8


def test_a_result_is_never_an_input() -> None:
    assert bill("service_charge: 5\nbill: service_charge", usage="1", service_charge="99", bill="98") == 5


@pytest.mark.parametrize(
    ("size", "limits", "expected"),
    [
        ('5/8"', "inside_city", "10"),
        ('1|1/2"', "outside_city", "60"),
        ('1 1/2"', "outside_city", "60"),
        ("1.5", "Outside City", "60"),
        ('1_1/2"', "inside_city", "40"),
    ],
)
def test_keys_of_several_fields_and_the_size_that_holds_their_mark(size: str, limits: str, expected: str) -> None:
    assert bill(SIZES, meter_size=size, city_limits=limits) == Decimal(expected)


def test_keys_may_be_nested_numbers_and_truths() -> None:
    nested = "bill: {depends_on: [zone, senior], values: {1: {Yes: 3, No: 5}, 2: {Yes: 4, No: 6}}}"
    assert bill(nested, zone="2", senior="Yes") == 4
    assert bill(nested, zone="2.0", senior="no") == 6
    truth = "bill: rate*usage_ccf\nrate: {depends_on: big, values: {False: limit, True: 24}}\nlimit: 0.5*hhsize"
    assert bill(truth, usage="2", big="FALSE", hhsize="3") == 3
    assert bill(truth, usage="2", big="True", hhsize="3") == 48


def test_a_table_that_tells_spellings_apart_is_taken_at_its_word() -> None:
    keys = "bill: {depends_on: kind, values: {A: 1, a: 2}}"
    assert (bill(keys, kind="A"), bill(keys, kind="a")) == (1, 2)
    with pytest.raises(BadScenario, match="no price for kind = b; it has A, a"):
        bill(keys, kind="b")


def test_one_input_may_be_a_number_here_and_a_key_there() -> None:
    keys = "bill: hhsize*2 + extra\nextra: {depends_on: hhsize, values: {1: 10, 2: 20}}"
    assert bill(keys, hhsize="2") == 24


def test_a_field_the_class_states_itself_chooses_its_cells() -> None:
    keys = "zone: 2\nbill: price*usage_ccf\nprice: {depends_on: [zone, season], values: {1|S: 1, 2|S: 2, 2|W: 3}}"
    assert bill(keys, usage="2", season="W") == 6


def test_values_by_where_a_number_falls() -> None:
    keys = "bill: factor*10\nfactor: {depends_on: [lot], area_starts: [1, 30000], values: [0.75, 0.6]}"
    assert [bill(keys, lot=lot) for lot in ("0", "29999.5", "30000")] == [Decimal("7.5"), Decimal("7.5"), 6]


def test_tiers_by_keys_may_differ_in_number() -> None:
    keys = """
tier_starts: {depends_on: kind, values: {a: [0, 6], b: [0, 4, 9], c: [0]}}
tier_prices: {depends_on: kind, values: {a: [1, 2], b: [1, 2, 3], c: [5]}}
commodity_charge: Tiered
bill: commodity_charge
"""
    assert [bill(keys, usage="10", kind=kind) for kind in "abc"] == [5 + 10, 3 + 10 + 6, 50]


def test_a_charge_finds_its_own_tiers() -> None:
    keys = """
tier_starts_commodity: [0, 6]
tier_prices_commodity: [1, 2]
commodity_charge: Tiered
sewer_tier_starts: [0, 5]
sewer_tier_prices: [2, 0]
sewer_charge: Tiered
tier_starts_drought: [0, 3]
tier_prices_drought: [.1, .2]
variable_drought_surcharge: Tiered
variable_wastewater_charge: 99
bill: commodity_charge + sewer_charge + variable_drought_surcharge
"""
    assert bill(keys, usage="10") == Decimal("5") + 10 + 8 + Decimal("0.2") + Decimal("1.6")


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("1.1*(a+b)", "33"),
        ("(a+b)*units/4", "15"),
        ("a - (b - 3)", "-7"),
        ("a + a + b", "40"),
        ("b", "20"),
        ("a+0.5*b", "20"),
        ("a+c", "13"),
        ("max(a, b) + pmin(a, 4)", "24"),
        ("ifelse(season != 'W', a, 3)", "3"),
        ("ifelse(units >= 2 & season == 'W', a, b)", "10"),
        ("if (units < 2 | !(season == \"S\")) a else b", "10"),
        ("round(a/4) + ceiling(a/4) + floor(a/4)", "7"),
        ("sum(a, b, 1e1)", "40"),
        ("units^2 * .5", "2"),
        ("-a + b", "10"),
        ("`odd-name_charge` + 1", "6"),
    ],
)  # fmt: skip
def test_a_bill_is_its_formula(formula: str, expected: str) -> None:
    keys = f"a: 10\nb: 2*a\nc: b_charge*0.15\nb_charge: b\nodd-name_charge: 5\nbill: >-\n  {formula}"
    assert bill(keys, units="2", season="W", usage="1") == Decimal(expected)


def test_a_formula_means_the_key_it_names_and_a_charge_its_own_lists() -> None:
    keys = "rate: 1\nelevation_rate: 5\nelevation_charge: rate*usage_ccf\nbill: elevation_charge"
    assert bill(keys, usage="3") == 3
    keys = """
budget: 100
sewer_budget: 4
tier_starts: [0, 100%]
tier_prices: [1, 2]
commodity_charge: Budget
sewer_tier_starts: [0, 100%]
sewer_tier_prices: [3, 0]
sewer_charge: Budget
bill: commodity_charge + sewer_charge
"""
    assert bill(keys, usage="10") == 10 + 12


def test_charges_may_rest_on_tiered_charges() -> None:
    keys = "tier_starts: [0, 6]\ntier_prices: [1, 2]\ncommodity_charge: Tiered\nouter: 0.5*commodity_charge\n"
    assert bill(keys + "bill: 1.1*(commodity_charge+outer)", usage="10") == Decimal("24.75")
    assert bill(keys + "bill: outer + 1", usage="10") == Decimal("8.5")
    assert bill("charge: usage_ccf*2\nbudget: charge\ncommodity_charge: budget\nbill: commodity_charge", usage="3") == 6


def test_a_cell_asks_for_its_inputs_only_where_it_is_used() -> None:
    keys = "bill: {depends_on: kind, values: {flat: 40, land: 0.01*lot_area}}"
    assert bill(keys, kind="flat") == 40
    assert bill(keys, kind="land", lot_area="5000") == 50
    with pytest.raises(MissingDeterminant):
        bill(keys, kind="land")


def test_large_and_fine_amounts_are_exact() -> None:
    assert bill("service_charge: 250000\nbill: service_charge") == 250000
    assert bill("rate: 0.123456789012\nbill: rate*usage_ccf", usage="3") == Decimal("0.370370367036")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ("service_charge: 5", "the class has no bill"),
        ("bill: a\na: b\nb: a", "a → b → a rest on each other in a circle"),
        ("bill: 2 +", "line 4: '2 \\+' is neither a number nor a formula: it ends in the middle"),
        ("bill: 2 % 3", "'% 3' is no part of a formula"),
        ("bill: sqrt(4)", "the function sqrt is not known"),
        ("bill: $4.00", "is neither a number nor a formula"),
        ("bill: x\nx:", "x is empty"),
        ("bill: x\nx: {depends_on: m}", "x needs both depends_on and values"),
        ("bill: x\nx: {depends_on: m, values: [1, 2]}", "without a list of as many starts"),
        ("bill: c\nc: Tiered", "says Tiered, but the class has no tier_starts"),
        ("bill: c\nc: Tiered\ntier_starts: [0, 5]\ntier_prices: [1]", "2 tier starts but 1 prices"),
        ("bill: c\nc: Tiered\ntier_starts: [0, 50%]\ntier_prices: [1, 2]", "percentages, but its charge says Tiered"),
        ("bill: c\nc: Tiered\ntier_starts: []\ntier_prices: []", "c has no tiers"),
        ("bill: [1, 2]", "bill is a list, not one value"),
    ],
)
def test_a_class_that_cannot_be_expressed_says_why(keys: str, words: str) -> None:
    with pytest.raises(Unusable, match=words):
        bill(keys, usage="1")


def test_a_key_nothing_rests_on_may_hold_anything() -> None:
    assert bill("bill: 4\nfixed_drought_surcharge: TBD (see council) %\nnotes: [a, {b: c}]") == 4


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ({}, "A needs meter_size, which is not given"),
        ({"meter_size": " ", "usage": "1"}, "A needs meter_size, which is not given"),
        ({"meter_size": '3"', "usage": "1"}, 'A has no price for meter_size = 3"; it has 1"'),
        ({"meter_size": '2"', "usage": "1"}, "service_charge for 2\" cannot be used: '$5' is neither"),
        ({"meter_size": '1"'}, "A needs usage, which is not given"),
        ({"meter_size": '1"', "usage": "-3"}, "usage is -3, expected no negative number"),
        ({"meter_size": '1"', "usage": "1,5"}, "usage is '1,5', expected a number"),
        ({"meter_size": '1"', "usage": "0.1234567"}, "expected at most 6 decimals"),
        ({"meter_size": '1"', "usage": "9999999999"}, "expected at most 1000000000"),
    ],
)
def test_a_scenario_that_lacks_or_misstates_something_says_what(row: dict[str, str], words: str) -> None:
    keys = "service_charge: {depends_on: meter_size, values: {'1\"': 4, '2\"': $5}}\nbill: service_charge + 2*usage_ccf"
    with pytest.raises(BadScenario) as refusal:
        bill(keys, **row)
    assert words in str(refusal.value)


@pytest.mark.parametrize(
    ("stated", "unit"), [("kgal", "kgal"), ("HCF", "ccf"), ("kilolitre", "m3"), ("acre feet", "each")]
)
def test_a_unit_we_do_not_know_is_no_volume(stated: str, unit: str) -> None:
    owrs = parse(file_of("bill: 2*usage_ccf").replace(b"bill_unit: ccf", f"bill_unit: {stated}".encode()))
    converted = convert(owrs, "A", file="a.owrs")
    assert parse_tariff(converted.text, file="A").unit == unit
    assert any("acre feet is none" in one.sentence for one in converted.remarks) == (unit == "each")


def test_a_budget_of_the_bill_s_days_is_not_scaled_by_days_again() -> None:
    assert "widths: as_written" in convert(parse(file_of(BUDGET)), "A", file="a.owrs").text
    assert "widths" not in convert(parse(file_of(TIERED)), "A", file="a.owrs").text


@pytest.mark.parametrize(
    ("stated", "found"),
    [("07/01/2017", "2017-07-01"), ("7-1-2017", "2017-07-01"), ("2017-07-01", "2017-07-01"), ("soon", "1900-01-01")],
)
def test_dates_as_files_write_them(stated: str, found: str) -> None:
    owrs = parse(file_of("bill: 2").replace(b"2024-01-01", stated.encode()))
    assert convert(owrs, "A", file="a.owrs").effective.isoformat() == found
