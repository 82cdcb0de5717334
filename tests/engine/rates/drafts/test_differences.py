"""Two versions side by side: what is added, removed and changed, and in which words."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.rates.drafts.differences import Difference, differences, document_differences
from meterbook.engine.rates.drafts.edits import edit_numbers, numbers

CITY = Path(__file__).parents[4] / "tariffs" / "alder-bend"
ELECTRIC = (CITY / "E-RES.yaml").read_text()
WATER = (CITY / "W-RES.yaml").read_text()


def _said(found: tuple[Difference, ...]) -> dict[str, list[str]]:
    return {one.component: [change.step.words(str) for change in one.changes] for one in found}


def test_two_enacted_versions() -> None:
    found = differences(WATER, WATER, before_version="2024-01")
    rules, service, water = found
    assert (rules.component, service.component, water.component) == ("", "service", "water")
    assert water.label == {"en": "Water use", "es": "Consumo de agua"}
    assert _said(found)["water"] == [
        "The price of tier 1 goes from 1.84 to 1.91 (+3.8%).",
        "The price of tier 2 goes from 2.34 to 2.43 (+3.8%).",
        "The price of tier 3 goes from 2.64 to 2.75 (+4.2%).",
    ]
    assert "The price for 1 1/2 goes from 58.74 to 61.09 (+4.0%)." in _said(found)["service"]
    assert "effective is now 2026-03-17 instead of 2024-01-01." in _said(found)[""]
    assert {change.path for change in water.changes} == {
        f"versions[1].components[1].tiers[{at}].price" for at in range(3)
    }


def test_dated_prices_are_matched_by_their_date() -> None:
    found = _said(differences(ELECTRIC, ELECTRIC, before_version="2024-01"))
    assert "prices[2025-07-01].price is new: -0.0058." in found["power_cost"]
    assert "prices[2024-10-01].price is gone; it was 0.0117." in found["power_cost"]
    changed = ELECTRIC.replace('from: 2025-10-01, price: "0.0024"', 'from: 2025-10-01, price: "0.0030"')
    assert _said(differences(ELECTRIC, changed)) == {
        "power_cost": ["The price from 2025-10-01 on goes from 0.0024 to 0.0030 (+25.0%)."]
    }


def test_charges_come_and_go_and_change_places() -> None:
    text = "versions: [{components: [{id: a, label: {en: A}, price: 1}, {id: b, price: 0}, {id: c}]}]"
    after = "versions: [{components: [{id: c}, {id: a, label: {en: A}, price: 1.0}, {id: d, label: {en: D}}]}]"
    found = differences(text, after)
    assert [(one.component, one.kind, one.step.words(str)) for one in found] == [
        ("", "changed", "The rules of the version have changed; values that differ: 1"),
        ("d", "added", "This charge is new."),
        ("b", "removed", "This charge is no longer made."),
    ]
    assert _said(found)[""] == ["The charges stand in another order."]


def test_a_price_from_nothing_has_no_percent() -> None:
    text = "versions: [{components: [{id: b, price: 0.00}]}]"
    ((change,),) = [one.changes for one in differences(text, text.replace("0.00", "0.10"))]
    assert change.is_number
    assert _said(differences(text, text.replace("0.00", "0.10"))) == {"b": ["price goes from 0.00 to 0.10."]}


def test_a_version_that_is_not_there() -> None:
    with pytest.raises(KeyError, match="nineteen"):
        differences(WATER, WATER, before_version="nineteen")


@settings(max_examples=60, deadline=None)
@given(data=st.data(), text=st.sampled_from([ELECTRIC, WATER]))
def test_exactly_the_edited_numbers_differ(data: st.DataObject, text: str) -> None:
    before = {path: value for path, value in numbers(text, file="x").items() if path.startswith("versions[1].comp")}
    before = {path: value for path, value in before.items() if "revenue" not in path}
    paths = data.draw(st.sets(st.sampled_from(sorted(before)), max_size=6))
    edits = {path: before[path] + data.draw(st.decimals("0.01", "9", places=2)) for path in paths}
    found = [change for one in differences(text, edit_numbers(text, edits)) for change in one.changes]
    assert {change.path: Decimal(change.new or "nothing") for change in found} == edits
    assert {change.path: Decimal(change.old or "nothing") for change in found} == {path: before[path] for path in paths}
    assert all("{" not in change.step.words(str) and change.is_number for change in found)


def test_whole_documents_are_compared_with_every_version() -> None:
    version = '  - {version: "%s", effective: 2024-01-01, components: [{id: base, label: {en: B}, price: %s}]}\n'
    head = "title: {en: %s}\nunit: ccf\nversions:\n"
    old = head % "Homes." + version % ("2023", "1.00") + version % ("2024", "2.00") + version % ("2025", "3.00")
    new = head % "Houses." + version % ("2024", "2.50") + version % ("2025", "3.0") + version % ("2026", "4.00")
    found = document_differences(old, new)
    assert [(one.path, one.step.words(str)) for one in found.changes] == [
        ("title.en", "title.en is now Houses instead of Homes.")
    ]
    assert [(one.version, one.kind) for one in found.versions] == [
        ("2024", "changed"), ("2026", "added"), ("2023", "removed")
    ]  # fmt: skip
    (base,) = found.versions[0].differences
    assert [(one.path, one.old, one.new) for one in base.changes] == [
        ("versions[0].components[0].price", "2.00", "2.50")
    ]
    assert found
    assert not document_differences(new, new)


def test_a_text_that_ends_in_a_full_stop_ends_its_sentence_once() -> None:
    text = 'versions:\n  - {version: "1", source: {section: A%s}, components: [{id: b}]}\n'
    for old, new in (("", ", note: Read."), (", note: Read.", ""), (", note: Read.", ", note: Heard.")):
        for difference in differences(text % old, text % new):
            for change in difference.changes:
                assert ".." not in change.step.words(str)
                assert change.step.words(str).endswith(".")
