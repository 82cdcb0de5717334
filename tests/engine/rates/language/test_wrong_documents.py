"""What a rate analyst gets wrong in formulas, values, seasons and bases: one clear sentence each, where it stands."""

from __future__ import annotations

import pytest

from meterbook.engine.rates.tariff import TariffError, parse_tariff

GOOD = """\
schedule: W
title: {en: Budget, es: Presupuesto}
commodity: water
unit: ccf
eligibility: {en: Homes, es: Hogares}
versions:
  - version: "1"
    effective: 2024-01-01
    source: {utility: An invented city, resolution: R, section: S, url: "https://example.org", adopted: 2023-11-14}
    proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: Rule}
    seasons: {summer: {from: "05-01", until: "11-01"}, winter: {from: "11-01", until: "05-01"}}
    inputs:
      usage: {kind: usage, unit: ccf}
      people: {kind: count, unit: person, default: 3}
      zone: {kind: key}
      low_income: {kind: key, default: "no"}
    values:
      indoor: {formula: "people * 60 [gal/person] / 748 [gal/ccf] * 30", unit: ccf}
      price: {by: [season, zone], table: {summer: {inside: 2.5, outside: 3}, winter: {inside: 2, outside: 2.4}}}
      share: {of: people, bands: [{up_to: 4, is: 1}, {is: "people / 4"}]}
    components:
      - id: water
        component: tiered
        label: {en: Water, es: Agua}
        revenue: "4000"
        quantity: usage
        season: each
        tiers:
          - {up_to: indoor, price: price}
          - {up_to: "indoor * 2", price: 3}
          - {price: 4}
      - id: base
        component: fixed
        label: {en: Base, es: Base}
        revenue: "4000"
        price: 10
        per: period
        applies: "low_income != 'yes'"
      - id: tax
        component: percent_tax
        label: {en: Tax, es: Impuesto}
        revenue: "4000"
        base: [water, base]
        percent: 5
      - id: meter
        component: by_size
        label: {en: Meter, es: Medidor}
        revenue: "4000"
        key: zone
        prices: {inside: 1, outside: 2}
"""
TIER = "versions[0].components[0].tiers"
#: What stands in `GOOD`, what stands there instead, the sentence (after file and line), the line.
WRONG = {
    "tiers that overlap": (
        "up_to: indoor, price: price}\n          - {up_to: \"indoor * 2\"",
        "up_to: 10, price: price}\n          - {up_to: 8", 30,
        f"{TIER}[1].up_to: found '8', expected more than 10, the bound of the tier before"),
    "tiers with a gap": (
        '{up_to: "indoor * 2", price: 3}', "{from: 12, up_to: 20, price: 3}", 30,
        f"{TIER}[1].from: found the key 'from', expected one of price, up_to, label"),
    "a bound of another unit": (
        "up_to: indoor,", "up_to: people,", 29, f"{TIER}[0].up_to: found person in 'people', expected ccf, as counted"),
    "a price of another unit": (
        "price: 4}", 'price: "4 [USD/gal]"}', 31, f"{TIER}[2].price: found USD/gal in '4 [USD/gal]', expected USD/ccf"),
    "two units added": (
        '"indoor * 2"', '"indoor + people"', 30,
        f"{TIER}[1].up_to: found ccf + person in 'indoor + people', expected the same unit on both sides"),
    "a value of another unit": (
        "30\", unit: ccf}", "30\", unit: gal}", 18, "versions[0].values.indoor.formula: found ccf in "
        "'people * 60 [gal/person] / 748 [gal/ccf] * 30', expected gal, as in the other cells or in 'unit'"),
    "a quantity as a price": (
        "price: 10\n", "price: indoor\n", 36,
        "versions[0].components[1].price: found ccf in 'indoor', expected dollars, or dollars per unit"),
    "an unknown determinant": (
        "quantity: usage", "quantity: usages", 26, "versions[0].components[0].quantity: found the determinant usages, "
        "expected one that 'inputs' declares: usage, people, zone, low_income"),
    "a version without citation": (
        "    source: {utility: An invented city, resolution: R, section: S, url: \"https://example.org\", "
        "adopted: 2023-11-14}\n", "", 7, "versions[0].source: found nothing, expected the key 'source'"),
    "a label in one language": (
        "label: {en: Base, es: Base}", "label: {en: Base}", 34,
        "versions[0].components[1].label.es: found nothing, expected the key 'es'"),
    "values in a circle": (
        "    values:\n", "    values:\n      a: b + 1\n      b: a * 2\n", 19,
        "versions[0].values.b: found a circle: a → b → a, expected values that do not rest on themselves"),
    "a percentage of itself": (
        "base: [water, base]", "base: [water, tax]", 43, "versions[0].components[2].base[1]: found 'tax', "
        "expected a component that stands earlier, once: one of water, base"),
    "a percentage of a tag nobody has": (
        "base: [water, base]", "base: city", 43, "versions[0].components[2].base: found 'city', expected 'all', "
        "a list of ids, or a tag of earlier components; none of them has any"),
    "a line that stands later": (
        "price: 10\n", 'price: "line(tax) / 10"\n', 36, "versions[0].components[1].price: found line(tax), "
        "expected a component that stands earlier: water"),
    "a gap between seasons": (
        'winter: {from: "11-01"', 'winter: {from: "12-01"', 11, "versions[0].seasons.summer.until: found '11-01', "
        "expected 12-01, where winter begins: no gap, no overlap"),
    "seasons that overlap": (
        'until: "11-01"}', 'until: "12-01"}', 11, "versions[0].seasons.summer.until: found '12-01', "
        "expected 11-01, where winter begins: no gap, no overlap"),
    "a day some years lack": (
        'from: "05-01"', 'from: "02-29"', 11, "versions[0].seasons.summer.from: found '02-29', "
        "expected a month and day MM-DD that every year has"),
    "a season nobody knows": (
        "winter: {inside: 2,", "wintr: {inside: 2,", 19,
        "versions[0].values.price.table.wintr: found the season 'wintr', expected one of summer, winter"),
    "a season left out": (
        ", winter: {inside: 2, outside: 2.4}", "", 19, "versions[0].values.price.table: found nothing for winter, "
        "expected every season, or the key 'otherwise'"),
    "a price of the season in a charge without": (
        "season: each\n", "taxes: [city]\n", 29, f"{TIER}[0].price: found a formula that rests on the season, "
        "expected the component's key 'season', such as each"),
    "texts compared by size": (
        "low_income !=", "low_income >", 38, "versions[0].components[1].applies: found a text > a text in "
        "\"low_income > 'yes'\", expected two numbers, or two texts"),
    "a number for a condition": (
        "\"low_income != 'yes'\"", "people", 38, "versions[0].components[1].applies: found a number, expected a truth"),
    "a price with its sign": (
        "price: 10\n", "price: $10.00\n", 36, "versions[0].components[1].price: found '$10.00', "
        "expected a number from -100000 to 100000 with at most 8 decimals"),
    "a division by nothing": (
        "people / 4", "people / 0", 20, "versions[0].values.share.bands[1].is: found a division by 0 in 'people / 0', "
        "expected another divisor"),
    "a key that is not declared": (
        "key: zone", "key: zoen", 49, "versions[0].components[3].key: found the determinant zoen, "
        "expected one that 'inputs' declares: usage, people, zone, low_income"),
    "a key that is a number": (
        "key: zone", "key: people", 49, "versions[0].components[3].key: found people, a count, expected a key"),
    "a key that is no word": (
        "key: zone", "key: Zone A", 49, "versions[0].components[3].key: found 'Zone A', "
        "expected the name of a determinant: a lower-case word (letters, digits, underscore)"),
    "a default that nobody would use": (
        "key: zone", "key: low_income", 49, "versions[0].components[3].key: found low_income, which has a default, "
        "expected no 'default': this charge asks every bill for it"),
    "a tab": (
        "        price: 10\n", "\tprice: 10\n", 36, "document: found character that cannot start any token, "
        "expected valid YAML: spaces for indents, every quote and bracket closed"),
    "a tolerance that is no list": (
        "[27, 34]", "27-34", 10, "versions[0].proration.tolerance: found '27-34', expected a list of 1 to 2 items"),
}  # fmt: skip


def test_the_document_is_right_before_it_is_spoiled() -> None:
    assert parse_tariff(GOOD, file="w.yaml").schedule == "W"


@pytest.mark.parametrize("what", WRONG)
def test_one_mistake_one_sentence(what: str) -> None:
    old, new, line, sentence = WRONG[what]
    assert old in GOOD
    with pytest.raises(TariffError) as refused:
        parse_tariff(GOOD.replace(old, new, 1), file="w.yaml")
    assert str(refused.value) == f"w.yaml:{line}: {sentence}"
