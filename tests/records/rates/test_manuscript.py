"""A text being written keeps every character that is not changed; numbers have words; cases come and go."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from meterbook.demo import sources
from meterbook.engine.rates.drafts.edits import edit_numbers
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.records.rates.golden import golden_bills
from meterbook.records.rates.manuscript import (
    CannotWrite,
    Citation,
    GoldenBill,
    Heading,
    add_case,
    add_version,
    drop_case,
    heading_of,
    set_heading,
    version_lines,
)
from meterbook.records.rates.numbers import number_groups

SOURCE = Citation(
    'The "new" city: council', "Resolution 7 # of 2027", "§ 4: water", "https://x.org/?a=1", date(2026, 12, 1)
)
HEADING = Heading("2028-01", date(2028, 1, 1), SOURCE)
FILES = sources.tariff_files()


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_new_version_is_the_last_one_again_under_its_own_heading(file: object) -> None:
    text = file.read_text(encoding="utf-8")  # type: ignore[attr-defined]
    before, after = parse_tariff(text, file="x"), parse_tariff(add_version(text, HEADING, file="x"), file="x")
    assert after.versions[:-1] == before.versions
    newest, last = after.versions[-1], before.versions[-1]
    assert (newest.version, newest.effective) == ("2028-01", date(2028, 1, 1))
    assert (newest.source.utility, newest.source.section) == (SOURCE.utility, SOURCE.section)
    assert newest.source.resolution == SOURCE.resolution and newest.proration == last.proration
    assert [each.id for each in newest.components] == [each.id for each in last.components]
    assert add_version(text, HEADING, file="x").startswith(text.rstrip())


def test_what_follows_the_versions_and_comments_stay() -> None:
    text = FILES[0].read_text(encoding="utf-8")
    head, tail = text.split("versions:")
    moved = head.split("unit:")[0] + "versions:" + tail.rstrip() + "\n# the unit\nunit:" + head.split("unit:")[1]
    made = add_version(moved, HEADING, file="x")
    assert "# the unit" in made and len(parse_tariff(made, file="x").versions) == len(
        parse_tariff(text, file="x").versions
    ) + 1  # fmt: skip


def test_a_heading_is_read_and_set() -> None:
    text = add_version(FILES[0].read_text(encoding="utf-8"), HEADING, file="x")
    told = heading_of(text, file="x")
    assert told["resolution"] == SOURCE.resolution and told["effective"] == "2028-01-01" and "note" not in told
    again = set_heading(text, Heading("2028-02", date(2028, 2, 1), SOURCE), file="x")
    assert set_heading(again, HEADING, file="x") == text
    first, shown = version_lines(text, "2028-01", file="x")
    assert text.split("\n")[first - 1] == shown.split("\n")[0] == '  - version: "2028-01"'


def test_versions_in_one_line_are_left_to_the_text_editor() -> None:
    with pytest.raises(CannotWrite):
        add_version("schedule: X\nversions: [{version: a, effective: 2024-01-01, source: {}}]\n", HEADING, file="x")


def test_every_number_that_charges_has_words_and_a_place() -> None:
    text = (sources.TARIFF_DIR / "W-RES.yaml").read_text(encoding="utf-8")
    groups = {
        each.component: each for each in number_groups(text, parse_tariff(text, file="x"), language="en", translate=str)
    }
    assert list(groups) == ["service", "water", "proration"]
    said = {field.words: (str(field.value), field.unit) for field in groups["service"].fields}
    assert said["Price, 1 1/2"] == ("61.09", "$")
    assert [field.words for field in groups["water"].fields][:3] == ["Tier 1, up to", "Tier 1, price", "Tier 2, up to"]
    assert {field.unit for field in groups["water"].fields} == {"ccf", "$"}
    assert all(field.path.startswith("versions[1].") for group in groups.values() for field in group.fields)
    electric = (sources.TARIFF_DIR / "E-RES.yaml").read_text(encoding="utf-8")
    dated = number_groups(electric, parse_tariff(electric, file="x"), language="es", translate=str)
    words = [field.words for group in dated for field in group.fields]
    assert "from 2026-07-01" in words and not any("revenue" in each.lower() for each in words)


def test_a_form_can_change_every_number_it_shows() -> None:
    for file in FILES:
        text = file.read_text(encoding="utf-8")
        tariff = parse_tariff(text, file="x")
        for group in number_groups(text, tariff, language="en", translate=str):
            changes = {field.path: field.value + field.step for field in group.fields}
            made = edit_numbers(text, changes)
            assert made != text and len(made.split("\n")) == len(text.split("\n"))


def test_golden_bills_come_and_go() -> None:
    text = (sources.TARIFF_DIR / "W-RES.yaml").read_text(encoding="utf-8")
    cases = (sources.TARIFF_DIR / "W-RES.cases.yaml").read_text(encoding="utf-8")
    tariff = parse_tariff(text, file="x")
    facts = {"usage": Decimal(12), "meter_size": "5/8"}
    worked = "11 × 1.91 + 2.43 + 21.78"
    bill = GoldenBill('twelve: "ccf"', date(2026, 4, 1), date(2026, 5, 1), facts, Decimal("45.22"), note=worked)
    more = add_case(cases, bill)
    found = golden_bills(tariff, more, language="es")
    assert [each.passed for each in found] == [True] * 6
    assert found[-1].name == bill.name and found[-1].priced == found[-1].explained == Decimal("45.22")
    assert [line.label for line in found[-1].lines][-1] == "Consumo de agua, nivel 2"
    assert drop_case(more, 5, file="x").rstrip() == cases.rstrip()
    without = drop_case(more, 0, file="x")
    assert [each.name for each in golden_bills(tariff, without, language="en")] == [each.name for each in found[1:]]
    wrong = golden_bills(tariff, more.replace("45.22", "45.23"), language="en")[-1]
    assert not wrong.passed and "expected 45.23" in wrong.problems[0]
    only = add_case("", bill)
    assert len(golden_bills(tariff, only, language="en")) == 1
    with pytest.raises(CannotWrite):
        drop_case(more, 9, file="x")
