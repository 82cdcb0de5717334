"""Pieces of tariff documents as they are written: the charges that show a construct, with all that they rest on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import dedent

import yaml
from tests.reference.documents import KINDS, ROOT

from meterbook.engine.rates.check import Case, read_cases, run_cases, split_example
from meterbook.engine.rates.explain import ExplainedLine, explain
from meterbook.engine.rates.tariff import Tariff, Version, parse_tariff

PUBLISHED = ROOT / "tests/engine/rates/published"


@dataclass(frozen=True)
class Example:
    """A document with its worked cases."""

    path: Path
    text: str
    tariff: Tariff
    cases: dict[str, Case]
    cases_text: str

    def version(self, case: str) -> Version:
        """The version in force on a case's first day."""
        return self.tariff.version_at(self.cases[case].starts)

    def proves(self, case: str) -> list[str]:
        """What both faces have to say against a case: nothing, if it is right."""
        results = run_cases(self.tariff, self.cases_text, file=self.path.name)
        return next(result.problems for result in results if result.name == case)

    def lines(self, case: str) -> list[ExplainedLine]:
        """The bill of a case."""
        one = self.cases[case]
        return explain(self.tariff, starts=one.starts, ends=one.ends, determinants=one.determinants).lines


def place(name: str) -> Path:
    """``published/…`` or ``components/…`` as a file."""
    folder, _, stem = name.partition("/")
    return PUBLISHED / f"{stem}.yaml" if folder == "published" else KINDS / stem / "cases.yaml"


@cache
def example(path: Path) -> Example:
    """The example a file holds."""
    text, cases_text = split_example(path.read_text(encoding="utf-8"))
    tariff = parse_tariff(text, file=path.name)
    cases = {case.name: case for case in read_cases(tariff, cases_text, file=path.name)}
    return Example(path, text, tariff, cases, cases_text)


def _pairs(node: yaml.Node | None) -> dict[str, tuple[yaml.Node, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        return {}
    return {key.value: (key, value) for key, value in node.value}


def _until(node: yaml.Node) -> int:
    """The line after the last one a node is written on."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style:
        return max(_until(value) for _, value in node.value)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return max(_until(value) for value in node.value)
    return int(node.end_mark.line) + (1 if node.end_mark.column else 0)


def _written(text: str, first: yaml.Node, last: yaml.Node) -> str:
    """The lines from one node's start to another's end, without their indent."""
    return dedent("\n".join(text.splitlines()[first.start_mark.line : _until(last)]))


def _indented(text: str, by: int) -> str:
    return "\n".join(" " * by + line for line in text.splitlines())


def _named(text: str, entries: dict[str, tuple[yaml.Node, yaml.Node]], wanted: str) -> dict[str, str]:
    """The entries whose names the text uses, and those that these use, as written."""
    found: dict[str, str] = {}
    queue = [wanted]
    while queue:
        words = set(re.findall(r"[a-z][a-z0-9_]*", queue.pop()))
        for name in entries:
            if name in words and name not in found:
                found[name] = _written(text, *entries[name])
                queue.append(found[name])
    return {name: found[name] for name in entries if name in found}


def excerpt(one: Example, version: Version, charges: list[str]) -> str:
    """The charges of a version as they are written, with the seasons, inputs and values they rest on."""
    root = yaml.compose(one.text)
    at = one.tariff.versions.index(version)
    here = _pairs(_pairs(root)["versions"][1].value[at])
    components = [item for item in here["components"][1].value if _pairs(item)["id"][1].value in charges]
    written = [_written(one.text, item, item) for item in components]
    body = "\n".join(line if line.startswith("- ") else f"- {line}".replace("\n", "\n  ") for line in written)
    parts: list[str] = []
    values = _named(one.text, _pairs(here["values"][1]) if "values" in here else {}, body)
    rested = body + "\n" + "\n".join(values.values())
    inputs = _named(one.text, _pairs(here["inputs"][1]) if "inputs" in here else {}, rested)
    if "time_of_use" in here and "time_of_use" in body:
        parts.append(_written(one.text, *here["time_of_use"]))
    if "seasons" in here and re.search(r"\bseasons?\b", "\n".join([rested, *parts])):
        parts.insert(0, _written(one.text, *here["seasons"]))
    for key, entries in (("inputs", inputs), ("values", values)):
        if entries:
            parts.append(f"{key}:\n" + _indented("\n".join(entries.values()), 2))
    return "\n".join([*parts, "components:", _indented(body, 2)])
