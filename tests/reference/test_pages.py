"""The reference: all 66 constructs have an example that both faces price as it is stated, and every page is today's.

Write the pages anew with: METERBOOK_WRITE_REFERENCE=1 ./meterbook test tests/reference
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.reference.documents import KINDS, ROOT
from tests.reference.excerpts import example, excerpt, place
from tests.reference.pages import PAGES, TABLES, component_page, constructs, constructs_page, filled

from meterbook.engine.rates import components
from meterbook.engine.rates.language.keys import VERSION
from meterbook.engine.rates.tariff import parse_tariff

CONSTRUCTS = constructs()
WRITTEN = sorted(path for path in PAGES.glob("*.md") if path.name != "constructs.md")
#: A version around a fragment that a page shows.
AROUND = """\
schedule: PAGE
title: {en: Page, es: Página}
commodity: water
unit: ccf
eligibility: {en: Page, es: Página}
versions:
  - version: "1"
    effective: 2024-01-01
    source: {utility: An invented city, resolution: R, section: S, url: "https://example.org", adopted: 2023-11-14}
"""
USUAL = {
    "proration": "proration: {normal_days: 30, tolerance: [27, 34], usage_decimals: 0, source: Rule}",
    "components": "components:\n  - {id: base, component: fixed, label: {en: Base, es: Base}, revenue: '4000', "
    "price: 1, per: period}",
}


def current(file: Path, text: str) -> None:
    """The file holds the text; with METERBOOK_WRITE_REFERENCE it is written first."""
    if os.environ.get("METERBOOK_WRITE_REFERENCE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert file.exists(), f"{file.name} is not written"
    assert file.read_text(encoding="utf-8") == text


def test_every_construct_is_listed_once() -> None:
    assert [one["number"] for one in CONSTRUCTS] == list(range(1, 67))
    assert len({one["name"] for one in CONSTRUCTS}) == 66


@pytest.mark.parametrize("one", CONSTRUCTS, ids=lambda one: str(one["number"]))
def test_its_example_is_priced_as_it_is_stated(one: dict[str, Any]) -> None:
    chosen = one["example"]
    shown, case = example(place(chosen["file"])), chosen["case"]
    assert shown.proves(case) == []
    stated, version = shown.cases[case], shown.version(case)
    assert not stated.refused
    given = {line.component for line in shown.lines(case)} & set(chosen["show"])
    assert given
    for name in given:
        assert stated.lines is None or any(name == component for component, _, _ in stated.lines), name
    assert stated.lines is not None or stated.total is not None
    keywords = {version.component(name).keyword for name in chosen["show"]}
    assert keywords & set(one["by"]), keywords
    assert set(one["by"]) <= set(components.keywords())


@pytest.mark.parametrize("one", CONSTRUCTS, ids=lambda one: str(one["number"]))
def test_its_example_is_cited(one: dict[str, Any]) -> None:
    chosen = one["example"]
    shown = example(place(chosen["file"]))
    source = shown.version(chosen["case"]).source
    assert source.url.startswith("http")
    assert source.adopted.year > 1900


@pytest.mark.parametrize("one", CONSTRUCTS, ids=lambda one: str(one["number"]))
def test_what_the_page_shows_stands_in_the_document(one: dict[str, Any]) -> None:
    chosen = one["example"]
    shown = example(place(chosen["file"]))
    text = excerpt(shown, shown.version(chosen["case"]), chosen["show"])
    assert yaml.safe_load(text)["components"]
    written = {line.strip().removeprefix("- ") for line in shown.text.splitlines()}
    assert {line.strip().removeprefix("- ") for line in text.splitlines()} - written <= {
        "components:", "values:", "inputs:",
    }  # fmt: skip


@pytest.mark.parametrize("keyword", components.keywords())
def test_a_component_names_its_constructs(keyword: str) -> None:
    manual = (KINDS / keyword / "README.md").read_text(encoding="utf-8")
    named = re.search(r"^Constructs:(.*)$", manual, re.M)
    if named is not None:
        served = {one["number"] for one in CONSTRUCTS if keyword in one["by"]}
        own = {int(number) for number in re.findall(r"\b\d+\b", named[1])}
        assert own <= set(range(1, 67))
        assert own & served, "the list of constructs names this component nowhere"


@pytest.mark.parametrize("keyword", components.keywords())
def test_the_page_of_a_component_is_today_s(keyword: str) -> None:
    current(PAGES / "components" / f"{keyword}.md", component_page(keyword))


def test_no_page_tells_of_a_component_that_is_gone() -> None:
    assert {path.stem for path in (PAGES / "components").glob("*.md")} == set(components.keywords())


def test_the_page_of_constructs_is_today_s() -> None:
    current(PAGES / "constructs.md", constructs_page())


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_tables_in_written_pages_are_today_s(path: Path) -> None:
    current(path, filled(path.read_text(encoding="utf-8")))


def test_every_table_stands_somewhere() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in WRITTEN)
    assert set(re.findall(r"<!-- keys (\w+) -->", text)) == {*TABLES, "components"}


def _blocks(path: Path) -> list[str]:
    return re.findall(r"^```yaml\n(.*?)^```", path.read_text(encoding="utf-8"), re.S | re.M)


@pytest.mark.parametrize("path", WRITTEN, ids=lambda path: path.stem)
def test_every_piece_of_yaml_on_a_written_page_is_right(path: Path) -> None:
    for block in _blocks(path):
        if block.startswith(("schedule:", "#")):
            parse_tariff(block, file=path.name)
            continue
        keys = re.findall(r"^(\w+):", block, re.M)
        assert set(keys) <= set(VERSION), keys
        parts = [block.rstrip(), *(text for key, text in USUAL.items() if key not in keys)]
        body = "\n".join("    " + line for line in "\n".join(parts).splitlines())
        parse_tariff(AROUND + body + "\n", file=path.name)


@pytest.mark.parametrize("path", sorted(PAGES.rglob("*.md")), ids=lambda path: path.stem)
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\((?!http)([^)#]+)(?:#[^)]*)?\)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link
    assert ROOT in path.parents
