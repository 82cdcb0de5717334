"""Documents as OWRS: what comes out charges the same when it is read again, and what cannot be said is named."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from textwrap import indent

import pytest
from tests.formats.owrs.pricing import charged, file_of

from meterbook.engine.rates.explain import amounts
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.formats.owrs import parse, write
from meterbook.formats.owrs.export import export, together
from meterbook.formats.owrs.native import convert, convert_for_pricing

DOCUMENT = """
schedule: W-TEST
title: {{en: Test, es: Prueba}}
commodity: water
unit: ccf
eligibility: {{en: All, es: Todos}}
versions:
  - version: "2024"
    effective: 2024-01-01
    source: {{utility: Alder Bend, resolution: R-1, section: "1", url: "https://alder.example", adopted: 2023-12-01}}
    proration: {{normal_days: 30, tolerance: [25, 35], usage_decimals: 0, source: R-1}}
{scope}
    components:
{components}
"""
SCOPE = """
inputs:
  usage: {kind: usage}
  hhsize: {kind: count}
  lot: {kind: count}
  zone: {kind: key}
  meter_size: {kind: key}
values:
  rate: 2.125
  budget: {formula: "hhsize * 1.25"}
  lift: {by: [zone], table: {low: 0, high: "0.1 * hhsize"}}
  service: {by: [meter_size, zone], table: {"1": {low: 10, high: 12}, "2": {low: 20, high: 24}}}
  factor: {of: lot, bands: [{up_to: 7499, is: 0.7}, {up_to: 20000, is: "0.1 * hhsize"}, {is: 0.3}]}
"""
HEAD = 'id: {id}, label: {{en: A, es: A}}, revenue: "4000"'
FACTS: dict[str, Decimal | str] = {
    "usage": Decimal("23.5"), "hhsize": Decimal(3), "lot": Decimal(9000), "zone": "high", "meter_size": "2",
}  # fmt: skip


def document(*components: str, scope: str = SCOPE) -> str:
    lines = "\n".join(f"- {{{HEAD.format(id=f'c{at}')}, {one}}}" for at, one in enumerate(components))
    return DOCUMENT.format(scope=indent(scope, "    "), components=indent(lines, "      "))


def native_bill(text: str) -> Decimal:
    tariff = parse_tariff(text, file="x")
    return sum((line[-1] for line in amounts(tariff, date(2024, 1, 1), date(2024, 1, 31), FACTS)), Decimal(0)) / 100


def exported_bill(text: str, **more: str) -> tuple[Decimal, tuple[str, ...]]:
    """The bill of what is exported, read again; and the remarks."""
    part = export(text, file="x")
    owrs = parse(write(together([part])[0]))
    billed, _ = convert_for_pricing(owrs, part.owrs_class.name, given=frozenset())
    row = {name: str(value) for name, value in FACTS.items()} | more
    return sum(charged(billed, **row).values(), Decimal(0)), part.remarks


@pytest.mark.parametrize(
    "component",
    [
        "component: fixed, price: 12.35, per: period",
        "component: fixed, price: service, per: period",
        "component: fixed, price: service, per: period, times: hhsize",
        "component: fixed, price: 120, per: year, periods_per_year: 12",
        "component: fixed, price: 'rate * 2', per: period, times: hhsize",
        "component: by_size, key: meter_size, prices: {'1': 5, '2': 'rate + 1'}",
        "component: by_size, key: meter_size, prices: {'1': 5, '2': 7}, times: hhsize",
        "component: matrix, rows: meter_size, columns: zone, heads: [low, high], prices: {'1': [1, 2], '2': [3, 4]}",
        "component: per_unit, quantity: usage, price: 'rate + lift'",
        "component: per_unit, quantity: 'max(0, usage - 10)', price: 1.5",
        "component: tiered, quantity: usage, tiers: [{up_to: 10, price: 1}, {up_to: 20, price: 2}, {price: 3}]",
        "component: tiered, quantity: usage, tiers: [{up_to: 7.5, price: 1}, {price: rate}]",
        "component: tiered, quantity: usage, "
        "tiers: [{up_to: budget, price: 1}, {up_to: budget*2, price: 2}, {price: 3}]",
        "component: tiered, quantity: usage, times: hhsize, tiers: [{up_to: 4, price: 1}, {price: 3}]",
        "component: tiered, quantity: usage, tiers: [{price: lift}]",
        "component: formula, amount: 'factor * 100 + budget'",
        "component: formula, amount: 'round(usage * rate, 0, half_even) + round(usage / 3, 2, half_up)'",
        "component: formula, "
        "amount: 'if(usage > 20 and not (hhsize > 4) or zone == \"x\", -min(usage, 7), abs(usage))'",
        "component: formula, amount: 'ceil(usage) - floor(usage) - (2 - (3 - rate))'",
        "component: fixed, price: 3, per: period, applies: \"zone == 'high' and usage >= 1\"",
        "component: fixed, price: 3, per: period, applies: \"zone != 'high'\"",
    ],
)  # fmt: skip
def test_what_owrs_can_say_charges_the_same(component: str) -> None:
    text = document(component.replace('"x"', "''x''"))
    found, _ = exported_bill(text)
    assert found == native_bill(text)


def test_lines_that_rest_on_lines() -> None:
    text = document("component: fixed, price: 10, per: period",
                    "component: tiered, quantity: usage, tiers: [{up_to: 10, price: 1}, {price: 2}]",
                    "component: formula, amount: 'exact(c0) * 0.5 + exact(c1)'",
                    "component: percent_tax, base: [c0, c1], percent: 4.75")  # fmt: skip
    found, remarks = exported_bill(text)
    assert abs(found - native_bill(text)) < Decimal("0.01")  # the tax is of unrounded lines there
    assert any("unrounded lines" in one for one in remarks)


def test_a_daily_charge_needs_the_days() -> None:
    text = document("component: fixed, price: 0.5, per: day")
    assert exported_bill(text, days_in_period="30")[0] == native_bill(text) == 15


def test_names_that_owrs_rounds_get_other_ones() -> None:
    part = export(document("component: per_unit, quantity: usage, price: budget"), file="x")
    assert "allotment" in part.owrs_class.entries and "budget" not in part.owrs_class.entries


@pytest.mark.parametrize(
    ("component", "words"),
    [
        ("component: per_lamp, prices: {a: 1}", "cannot say charges of the kind per_lamp"),
        ("component: formula, amount: 'round(usage, -1, half_up)'", "cannot say rounding to tens"),
        ("component: fixed, price: 3, per: period, season: summer", "cannot say charges by season"),
    ],
)
def test_what_owrs_cannot_say_is_left_out_and_named(component: str, words: str) -> None:
    seasons = '\nseasons: {summer: {from: "05-01", until: "11-01"}, winter: {from: "11-01", until: "05-01"}}\n'
    text = document("component: fixed, price: 10, per: period", component, scope=SCOPE + seasons)
    if "per_lamp" in component:
        text = text.replace("component: per_lamp, prices: {a: 1}", "component: cap, base: [c0], amount: 5, per: period")
        words = words.replace("per_lamp", "cap")
    found, remarks = exported_bill(text)
    assert found == 10
    assert any(words in one for one in remarks)


def test_an_origin_is_written_as_it_was_until_the_document_charges_otherwise() -> None:
    keys = "service_charge: 12.50\nflat_rate: 2.10\ncommodity_charge: flat_rate*usage_ccf\nnote: TBD\n"
    keys += "bill: service_charge+commodity_charge"
    text = convert(parse(file_of(keys)), "A", file="a.owrs").text
    own = {key: entry.value for key, entry in parse(file_of(keys)).classes["A"].entries.items()}
    kept = export(text.replace("revenue: '4000'", "revenue: '4711'").replace("Cargo por servicio", "Cuota"), file="x")
    assert ({key: entry.value for key, entry in kept.owrs_class.entries.items()}, kept.remarks) == (own, ())
    changed = export(text.replace("price: 12.5\n", "price: 13.75\n"), file="x")
    assert changed.owrs_class.entries["service_charge"].value == "13.75"
    assert changed.owrs_class.entries["note"].value == "TBD"
    assert changed.remarks[0].startswith("the document does not charge what its origin says")


def test_an_input_renamed_on_import_has_its_own_name_again() -> None:
    keys = "rate: {depends_on: season, values: {S: 1, W: 2}}\ncommodity_charge: rate*usage_ccf\nbill: commodity_charge"
    text = convert(parse(file_of(keys)), "A", file="a.owrs").text
    changed = export(text.replace("S: 1", "S: 1.5", 1), file="x")
    assert changed.owrs_class.entries["rate"].value == {"depends_on": ["season"], "values": {"S": "1.5", "W": "2"}}


def test_one_file_of_several_documents_has_the_first_ones_metadata() -> None:
    first, second = (
        document("component: fixed, price: 1, per: period"),
        document("component: fixed, price: 2, per: period"),
    )
    second = second.replace("W-TEST", "W-OTHER").replace("unit: ccf", "unit: kgal")
    owrs, remarks = together([export(first, file="a"), export(second, file="b"), export(first, file="c")])
    assert list(owrs.classes) == ["W_TEST", "W_OTHER"] and owrs.metadata["bill_unit"] == "ccf"
    assert remarks == ["W_OTHER states its own bill_unit: the file has those of W_TEST",
                       "the class W_TEST stands in two documents: the second one is left out"]  # fmt: skip
