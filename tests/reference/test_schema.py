"""The JSON Schema: it takes every document that is right, and refuses nothing that the reader would take.

Write the file anew with: METERBOOK_WRITE_REFERENCE=1 ./meterbook test tests/reference
"""

from __future__ import annotations

import copy
import json
import os
from collections.abc import Iterator, Mapping
from importlib import import_module
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator
from tests.reference.documents import KINDS, ROOT, as_an_editor, documents

from meterbook.engine.rates import components
from meterbook.engine.rates.document import Field
from meterbook.engine.rates.language.json_schema import json_schema
from meterbook.engine.rates.language.keys import ENVELOPE
from meterbook.engine.rates.tariff import TariffError, parse_tariff
from meterbook.engine.rates.terms import Context, Settings

DOCUMENTS = documents()
VALIDATOR = Draft202012Validator(json_schema())
#: Each kind of charge's own example.
EXAMPLES = {keyword: DOCUMENTS[str((KINDS / keyword / "cases.yaml").relative_to(ROOT))]
            for keyword in components.keywords() if (KINDS / keyword / "cases.yaml").exists()}  # fmt: skip


def problems(document: Any) -> list[str]:
    return [f"{'/'.join(map(str, one.absolute_path))}: {one.message}" for one in VALIDATOR.iter_errors(document)]


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(json_schema())


def test_the_file_for_editors_is_today_s() -> None:
    file = ROOT / "docs" / "reference" / "tariff.schema.json"
    text = json.dumps(json_schema(), indent=1, ensure_ascii=False) + "\n"
    if os.environ.get("METERBOOK_WRITE_REFERENCE"):
        file.write_text(text, encoding="utf-8")
    assert file.read_text(encoding="utf-8") == text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_taken(name: str) -> None:
    assert problems(as_an_editor(DOCUMENTS[name])) == []


@pytest.mark.parametrize("name", ["owrs", "urdb"])
def test_imported_documents_are_taken(name: str) -> None:
    samples = sorted((ROOT / "src/meterbook/formats" / name / "samples").glob("good-*"))
    exchange = import_module(f"meterbook.cli.rate_exchange.{name}")
    outcomes = [exchange.take_in(sample.read_bytes(), file=sample.name, revenue="4000") for sample in samples]
    texts = [document.text for outcome in outcomes for document in outcome.documents]
    assert texts
    for text in texts:
        parse_tariff(text, file=name)
        assert problems(as_an_editor(text)) == []


def _texts(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _texts(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_texts(inner) for inner in value]
    return str(value).lower() if isinstance(value, bool) else str(value)


def test_dates_and_numbers_are_taken_quoted_and_bare() -> None:
    bare = as_an_editor(EXAMPLES["fixed"])
    quoted = yaml.dump(_texts(bare), default_style='"', allow_unicode=True)
    assert 'normal_days": "30"' in quoted
    assert problems(as_an_editor(quoted)) == []
    parse_tariff(quoted, file="quoted")
    bare["versions"][0]["version"], bare["versions"][0]["components"][0]["revenue"] = 2024, 4000
    assert problems(bare) == []
    parse_tariff(yaml.dump(bare, allow_unicode=True), file="bare")


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    """Every place of a document; of a list its first two items, the others are alike."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value[:2]) if isinstance(value, list) else ()
    for step, inner in pairs:
        yield from _places(inner, (*path, step))


def _at(value: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        value = value[step]
    return value


#: The same everywhere: spoiled in one document only.
SHARED = {"label", "title", "eligibility", "source", "proration", "revenue"}


def spoiled(document: Any, *, whole: bool) -> Iterator[tuple[str, Any]]:
    """The document with one thing wrong at a time: a key missing, a key too many, a list where none belongs."""
    for path in _places(document):
        here = _at(document, path)
        if not path or path[0] == "origin" or (not whole and (SHARED & set(path) or len(path) < 3)):
            continue
        for what in ("missing", "another", "list", "mapping", "empty"):
            wrong = copy.deepcopy(document)
            parent, step = _at(wrong, path[:-1]), path[-1]
            if what == "missing":
                del parent[step]
            elif what == "another" and isinstance(here, dict):
                parent[step]["no such key"] = "1"
            elif what == "list" and not isinstance(here, list):
                parent[step] = ["1"]
            elif what == "mapping" and not isinstance(here, dict):
                parent[step] = {"no such key": "1"}
            elif what == "empty" and isinstance(here, list | dict):
                parent[step] = type(here)()
            else:
                continue
            yield f"{what} at {'/'.join(map(str, path))}", wrong


@pytest.mark.parametrize("keyword", EXAMPLES)
def test_what_the_schema_refuses_the_reader_refuses(keyword: str) -> None:
    """One mistake at a time, everywhere in a component's example: the schema is never stricter than the reader."""
    document = as_an_editor(EXAMPLES[keyword])
    singles = [{**document, "versions": [version]} for version in document["versions"][:2]]
    refused = 0
    for what, wrong in (each for single in singles for each in spoiled(single, whole=keyword == "fixed")):
        if VALIDATOR.is_valid(wrong):
            continue
        refused += 1
        try:
            parse_tariff(yaml.dump(wrong, allow_unicode=True, sort_keys=False), file="wrong")
        except TariffError:
            continue
        pytest.fail(f"the schema alone refuses {what}: {problems(wrong)}")
    assert refused > 5


@pytest.mark.parametrize("keyword", EXAMPLES)
def test_wrong_components_are_refused(keyword: str) -> None:
    """A wrong key, a missing key and a wrong type of every component of the example."""
    version = as_an_editor(EXAMPLES[keyword])["versions"][0]
    whole = {key: value for key, value in json_schema().items() if key in ("$schema", "$defs")}
    one = Draft202012Validator({**whole, "$ref": "#/$defs/component"})
    for component in version["components"]:
        assert one.is_valid(component)
        assert not one.is_valid({**component, "prise": "1"})
        for key in (*ENVELOPE, *components.keys(component["component"])):
            declared = {**ENVELOPE, **components.keys(component["component"])}[key]
            if declared.required:
                assert not one.is_valid({name: value for name, value in component.items() if name != key}), key
            assert not one.is_valid({**component, key: None}), key


def test_a_message_speaks_of_one_kind_of_charge() -> None:
    document = as_an_editor(EXAMPLES["fixed"])
    document["versions"][0]["components"][0]["per"] = "month"
    assert problems(document) == ["versions/0/components/0/per: 'month' is not one of ['period', 'day', 'year']"]
    document["versions"][0]["components"][0]["component"] = "fixd"
    (message,) = problems(document)
    assert message.startswith("versions/0/components/0/component: 'fixd' is not one of ['by_size'")


class _Asked(dict[str, Field]):
    """Entries that remember what was asked of them."""

    def __init__(self, entries: Mapping[str, Field], asked: set[str]) -> None:
        super().__init__(entries)
        self.asked = asked

    def __getitem__(self, key: str) -> Field:
        self.asked.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.asked.add(str(key))
        return super().__contains__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.asked.add(key)
        return super().get(key, default)


def test_a_component_reads_exactly_the_keys_it_declares(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: dict[str, set[str]] = {}
    read = components.read

    def listening(keyword: str, place: Field, entries: Mapping[str, Field], context: Context) -> Settings:
        return read(keyword, place, _Asked(entries, asked.setdefault(keyword, set())), context)

    monkeypatch.setattr(components, "read", listening)
    for name, text in DOCUMENTS.items():
        parse_tariff(text, file=name)
    declared = {keyword: set(components.keys(keyword)) for keyword in EXAMPLES}
    assert {keyword: asked[keyword] - set(ENVELOPE) for keyword in EXAMPLES} == declared
