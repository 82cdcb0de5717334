"""A wrong document is refused with everything that is wrong: file, line, path, what was found, what was expected."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from meterbook.engine.rates.tariff import Tariff, TariffError, parse_tariff
from meterbook.engine.rates.terms import NotInForce

GOOD = """\
schedule: E-RES
title: {en: Residential, es: Residencial}
commodity: electricity
unit: kWh
eligibility: {en: A dwelling, es: Una vivienda}
versions:
  - version: "2024"
    effective: 2024-01-01
    source: {utility: City, resolution: R 1, section: S 1, url: "https://example.org", adopted: 2023-11-14}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: Code 1}
    components:
      - id: customer
        component: fixed
        label: {en: Customer charge, es: Cargo por cliente}
        revenue: "4111"
        price: "5.80"
        per: period
      - id: energy
        component: tiered
        label: {en: Energy, es: Energía}
        revenue: "4110"
        quantity: usage
        tiers:
          - {up_to: "308", price: 0.1688}
          - {price: "0.2190"}
      - id: rider
        component: per_unit
        label: {en: Rider, es: Ajuste}
        revenue: "4120"
        quantity: usage
        change: split
        prices:
          - {from: 2024-01-01, price: "0.0042"}
          - {from: 2024-04-01, price: "-0.0031"}
      - id: tax
        component: percent_tax
        label: {en: Tax, es: Impuesto}
        revenue: "2310"
        base: [customer, energy]
        percent: "5"
"""
SECOND = GOOD[GOOD.index('  - version: "2024"') :]

# text, its replacement, line, path, found, expected (each a part of the message)
WRONG: list[tuple[str, str, int, str, str, str]] = [
    ("unit: kWh", "unit: kWatt", 4, "unit", "'kWatt'", "one of kWh, kW"),
    ("unit: kWh\n", "", 1, "unit", "nothing", "the key 'unit'"),
    ("commodity: electricity", "commodity: gas", 3, "commodity", "'gas'", "one of electricity, water"),
    ("es: Residencial", "fr: Résidentiel", 2, "title.es", "nothing", "the key 'es'"),
    ("es: Residencial", "es: Residencial, fr: Résidentiel", 2, "title.fr", "the key 'fr'", "one of en, es"),
    ("unit: kWh", "unit: kWh\nunits: kWh", 5, "units", "the key 'units'", "one of schedule"),
    ("unit: kWh", "unit: kWh\nunit: kWh", 5, "unit", "the same key again", "each key once"),
    ("effective: 2024-01-01\n", "effective: 2024-13-01\n", 8, "versions[0].effective", "'2024-13-01'", "a date"),
    ("adopted: 2023-11-14", "adopted: soon", 9, "versions[0].source.adopted", "'soon'", "a date"),
    (", url: \"https://example.org\"", "", 9, "versions[0].source.url", "nothing", "the key 'url'"),
    ("normal_days: 30", "normal_days: 0", 10, "versions[0].proration.normal_days", "'0'", "a whole number"),
    ("[27, 34]", "[31, 34]", 10, "versions[0].proration.tolerance", "[31, 34]", "around normal_days 30"),
    ("usage_decimals: 0", "usage_decimals: 7", 10, "versions[0].proration.usage_decimals", "'7'", "from 0 to 6"),
    ("component: fixed", "component: fixd", 13, "versions[0].components[0].component", "'fixd'",
     "one of by_size, "),
    ("id: energy", "id: customer", 18, "versions[0].components[1].id", "'customer'", "an id used once"),
    ("id: energy", "id: Energy Charge", 18, "versions[0].components[1].id", "'Energy Charge'", "a lower-case word"),
    ("price: \"5.80\"", "price: \"5,80\"", 16, "versions[0].components[0].price", "'5,80'", "a number"),
    ("price: \"5.80\"", "price: 5.8e1", 16, "versions[0].components[0].price", "'5.8e1'", "a number"),
    ("price: \"5.80\"", "price: \"0.000000001\"", 16, "versions[0].components[0].price", "0.000000001", "8 decimals"),
    ("price: \"5.80\"", "price: \"1000000\"", 16, "versions[0].components[0].price", "1000000", "to 100000"),
    ("price: \"5.80\"", "price:", 16, "versions[0].components[0].price", "nothing", "a number"),
    ("per: period", "per: month", 17, "versions[0].components[0].per", "'month'", "one of period, day, year"),
    ("per: period", "per: year", 12, "versions[0].components[0]", "per: year alone", "'periods_per_year'"),
    ("price: 0.1688", "price: [0.1688]", 24, "versions[0].components[1].tiers[0].price", "a list", "a number"),
    ("{up_to: \"308\", price: 0.1688}", "{price: 0.1688}", 24, "versions[0].components[1].tiers[0]",
     "a tier without a bound", "'up_to' in every tier but the last"),
    ("{price: \"0.2190\"}", "{up_to: \"200\", price: \"0.2190\"}", 25, "versions[0].components[1].tiers[1].up_to",
     "'200'", "more than 308"),
    ("{price: \"0.2190\"}", "{up_to: \"400\", price: \"0.2190\"}", 25, "versions[0].components[1].tiers[1].up_to",
     "'400'", "the last tier is open"),
    ("from: 2024-04-01", "from: 2023-04-01", 34, "versions[0].components[2].prices[1].from", "'2023-04-01'",
     "a date after 2024-01-01"),
    ("from: 2024-01-01", "from: 2024-02-01", 33, "versions[0].components[2].prices[0].from", "'2024-02-01'",
     "on or before 2024-01-01"),
    ("change: split\n", "change: split\n        price: \"1\"\n", 26, "versions[0].components[2]", "both",
     "either 'price' or"),
    ("change: split", "change: sometimes", 31, "versions[0].components[2].change", "'sometimes'",
     "one of split"),
    ("[customer, energy]", "[customer, engery]", 39, "versions[0].components[3].base[1]", "'engery'",
     "one of customer"),
    ("[customer, energy]", "[tax]", 39, "versions[0].components[3].base[0]", "'tax'", "one of customer"),
    ("percent: \"5\"", "percent: \"500\"", 40, "versions[0].components[3].percent", "'500'", "from 0 to 100"),
    ("    components:\n", "    seasons: {}\n    components:\n", 11, "versions[0].seasons",
     "an empty mapping", "each season"),
    ("    components:\n", "    inputs: {}\n    components:\n", 11, "versions[0].inputs",
     "an empty mapping", "determinant"),
    ("    components:\n", "    values: {}\n    components:\n", 11, "versions[0].values",
     "an empty mapping", "each name"),
    ("title: {en", "title: {en: &a Residential, es: *a}\nx: {en", 2, "", "a YAML alias", "written out"),
    ("title: {en", "title: [en", 2, "", "no ','", "valid YAML"),
]  # fmt: skip


def _parse(text: str) -> list[tuple[str, int, str, str, str]]:
    with pytest.raises(TariffError) as refused:
        parse_tariff(text, file="e-res.yaml")
    return [(one.file, one.line, one.path, one.found, one.expected) for one in refused.value.problems]


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case[3] or 'document'}-{case[4]}")
def test_each_mistake_is_named(case: tuple[str, str, int, str, str, str]) -> None:
    old, new, line, path, found, expected = case
    assert old in GOOD
    problems = _parse(GOOD.replace(old, new, 1))
    assert any(
        (file, at, where) == ("e-res.yaml", line, path) and found in what and expected in wanted
        for file, at, where, what, wanted in problems
    ), problems


def test_all_mistakes_are_named_at_once() -> None:
    text = (
        GOOD.replace("unit: kWh", "unit: kWatt").replace('"5.80"', '"five"').replace("price: 0.1688", "prise: 0.1688")
    )
    paths = [path for _, _, path, _, _ in _parse(text)]
    assert paths == [
        "unit",
        "versions[0].components[0].price",
        "versions[0].components[1].tiers[0].prise",
        "versions[0].components[1].tiers[0].price",
    ]


def test_versions_come_in_order_and_are_named_once() -> None:
    problems = _parse(GOOD + SECOND)
    assert [(path, line) for _, line, path, _, _ in problems] == [
        ("versions[1].version", 41),
        ("versions[1].effective", 42),
    ]


def test_a_message_reads_as_a_sentence() -> None:
    with pytest.raises(TariffError, match=r"^e-res\.yaml:4: unit: found 'kWatt', expected one of kWh"):
        parse_tariff(GOOD.replace("unit: kWh", "unit: kWatt"), file="e-res.yaml")


def test_prices_never_pass_through_a_float() -> None:
    tariff = parse_tariff(GOOD.replace('"5.80"', "0.10000000"), file="x")
    assert str(tariff.versions[0].component("customer").settings.rates(unit="kWh")[0].price) == "0.10000000"


def test_the_version_of_a_day() -> None:
    tariff = parse_tariff(GOOD, file="x")
    assert tariff.version_at(date(2024, 1, 1)).version == "2024"
    with pytest.raises(NotInForce, match="its first takes effect 2024-01-01"):
        tariff.version_at(date(2023, 12, 31))


def test_determinants_are_listed_once() -> None:
    names = [(one.name, one.kind) for one in parse_tariff(GOOD, file="x").required_determinants()]
    assert names == [("usage", "usage")]


def test_the_same_text_is_the_same_tariff() -> None:
    first, second = parse_tariff(GOOD, file="x"), parse_tariff(GOOD, file="y")
    assert first == second
    assert hash(first) == hash(second)
    assert first != parse_tariff(GOOD.replace("5.80", "5.81"), file="x")


def test_the_city_is_cited_in_both_languages(alder_bend: dict[str, Tariff]) -> None:
    assert len(alder_bend) == 13
    for tariff in alder_bend.values():
        assert tariff.versions[0].effective == date(2024, 1, 1)
        for version in tariff.versions:
            assert version.source.url.startswith("http")
            for component in version.components:
                assert component.label.keys() == {"en", "es"}


def test_the_largest_price_is_accepted() -> None:
    tariff = parse_tariff(GOOD.replace('"5.80"', '"100000"'), file="x")
    assert tariff.versions[0].component("customer").settings.rates(unit="kWh")[0].price == Decimal(100000)


@pytest.mark.parametrize("name", ["a/b", "<b>", "it's", "x" * 41, " 2024", "2024\t"])
def test_a_version_has_a_plain_name(name: str) -> None:
    with pytest.raises(TariffError, match=r"versions\[0\]\.version: .*expected a name of at most 40"):
        parse_tariff(GOOD.replace('version: "2024"', f'version: "{name}"'), file="x")


@pytest.mark.parametrize("url", ["javascript:alert(1)", "JavaScript:x", "data:text/html,x", "https://a<b", " java:x"])
def test_a_citation_holds_an_address_or_words(url: str) -> None:
    with pytest.raises(TariffError, match=r"source\.url: .*expected an address that begins with http"):
        parse_tariff(GOOD.replace("https://example.org", url), file="x")
    assert parse_tariff(GOOD.replace("https://example.org", "not stated"), file="x").versions
