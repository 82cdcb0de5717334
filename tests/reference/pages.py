"""The pages of the reference, made of declarations, manuals and worked cases."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import yaml
from tests.reference.documents import KINDS, ROOT
from tests.reference.excerpts import Example, example, excerpt, place

from meterbook.engine.money import dollars
from meterbook.engine.rates import components
from meterbook.engine.rates.explain import ExplainedLine
from meterbook.engine.rates.language import keys, shapes
from meterbook.engine.rates.language.calendars.rules import TIME_OF_USE
from meterbook.engine.rates.language.shapes import Key, Shape

PAGES = ROOT / "docs" / "reference" / "rates"
SRC_LINK = "../../../../src/meterbook/engine/rates/components"
_PLAIN: list[tuple[Shape, str]] = [
    (shapes.TEXT, "text"), (shapes.FLAG, "`true` or `false`"), (shapes.DAY, "date YYYY-MM-DD"),
    (shapes.WORD, "word"), (shapes.NUMBER, "number"), (shapes.WHOLE, "whole number"),
    (shapes.AMOUNT, "number or formula"), (shapes.MEASURE, "name or formula"), (shapes.BASE, "ids, a tag, or `all`"),
    (shapes.BILINGUAL, "words in `en` and `es`"), (shapes.record(keys.SOURCE), "citation"),
]  # fmt: skip


def constructs() -> list[dict[str, Any]]:
    """The list of constructs with their examples."""
    listed = yaml.safe_load((PAGES / "constructs.yaml").read_text(encoding="utf-8"))
    return sorted(listed, key=lambda one: int(one["number"]))


def said(shape: Shape) -> str:
    """What may stand there, in words."""
    for known, words in _PLAIN:
        if shape == known:
            return words
    if "enum" in shape:
        return "one of " + ", ".join(f"`{option}`" for option in shape["enum"])
    if shape.get("type") == "array":
        return "list of " + said(shape["items"])
    if "$ref" in shape:
        return shape["$ref"].rpartition("/")[2]
    if shape.get("type") == "object" and "properties" in shape:
        return "mapping (below)"
    if shape.get("type") == "object" and isinstance(shape.get("additionalProperties"), Mapping):
        return "names, each with " + said(shape["additionalProperties"])
    if "anyOf" in shape:
        return " or ".join(said(one) for one in shape["anyOf"])
    return str(shape.get("type", "anything"))


def _inner(shape: Shape) -> Shape | None:
    """The record a list or mapping of records holds, if it does."""
    if shape.get("type") == "array":
        return _inner(shape["items"])
    if shape.get("type") == "object" and "properties" in shape:
        return None if shape in (known for known, _ in _PLAIN) else shape
    more = shape.get("additionalProperties")
    return _inner(more) if isinstance(more, Mapping) else None


def table(declared: Mapping[str, Key], *, within: str = "") -> list[str]:
    """Keys as a table, with those of the records they hold."""
    rows = ["| Key | | Holds | Means |", "|---|---|---|---|"]
    for name, key in declared.items():
        cell = said(key.shape).replace("|", "\\|")
        rows.append(f"| `{within}{name}` | {'' if key.required else 'optional'} | {cell} | {key.words} |")
        inner = _inner(key.shape)
        if inner is not None:
            needed = inner.get("required", [])
            held = {
                one: Key({k: v for k, v in shape.items() if k != "description"}, shape["description"], one in needed)
                for one, shape in inner["properties"].items()
            }
            rows += table(held, within=f"{within}{name} → ")[2:]
    return rows


def _number(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def _facts(facts: Mapping[str, Decimal | str | None]) -> str:
    return ", ".join(f"`{name}` {value}" for name, value in facts.items()) or "no facts needed"


def bill(lines: list[ExplainedLine]) -> list[str]:
    """Lines as a bill prints them."""
    rows = ["| Line | Days | Quantity | Price | Amount |", "|---|---|---:|---:|---:|"]
    for line in lines:
        tier = f", part {line.part}" if line.part else ""
        days = f"{line.starts} until {line.ends}"
        amount = dollars(line.amount_cents)
        rows.append(f"| {line.label['en']}{tier} | {days} | {_number(line.quantity)} | {_number(line.price)} "
                    f"| {amount:,.2f} |")  # fmt: skip
    return rows


def _why(lines: list[ExplainedLine], ids: list[str]) -> list[str]:
    """The reasons of the last line of the last charge shown, after its citation."""
    chosen = next((line for name in reversed(ids) for line in reversed(lines) if line.component == name), None)
    return [] if chosen is None else [step.words(str) for step in chosen.steps()][1:]


def _cited(one: Example, case: str, ids: list[str], city: str | None) -> str:
    version = one.version(case)
    source = next((component.source for component in version.components if component.id in ids and component.source),
                  version.source)  # fmt: skip
    where = re.sub(r"^Rate pages?$", "rate page", source.resolution)
    return f"{city or source.utility}: [{where}, {source.section}]({source.url}), {source.adopted:%Y-%m-%d}."


def _links(names: list[str]) -> str:
    return ", ".join(f"[{name}](components/{name}.md)" for name in names)


def _construct(one: Mapping[str, Any]) -> list[str]:
    chosen = one["example"]
    shown = example(place(chosen["file"]))
    case, ids = str(chosen["case"]), [str(name) for name in chosen["show"]]
    stated = shown.cases[case]
    lines = [line for line in shown.lines(case) if line.component in ids]
    period = f"{stated.starts} until {stated.ends}"
    source = place(chosen["file"]).relative_to(ROOT)
    return [
        f"## {one['number']}. {one['name']}", "",
        f"Served by {_links(one['by'])}: {one['how']}.", "",
        f"Proration: {one['proration']}", "",
        f"Example: {_cited(shown, case, ids, chosen.get('city'))}", "",
        "```yaml", excerpt(shown, shown.version(case), ids), "```", "",
        f"*{case}.* {period}; {_facts(stated.determinants)}.", "",
        *bill(lines), "",
        "Why: " + " ".join(_why(lines, ids)), "",
        f"[{source}](../../../{source})", "",
    ]  # fmt: skip


def constructs_page() -> str:
    """Every construct with its example and the lines it gives."""
    listed = constructs()
    index = ["| | Construct | Served by |", "|---:|---|---|"]
    index += [f"| {one['number']} | [{one['name']}](#{_anchor(one)}) | {_links(one['by'])} |" for one in listed]
    parts = [
        "# The 66 constructs, each with a real bill", "",
        "Made from `constructs.yaml` and the worked cases; both faces price each example in the tests. Prices and",
        "rules are those of the cited pages at the date given; where a page prints no worked bill, it is ours.", "",
        *index, "",
    ]  # fmt: skip
    for one in listed:
        parts += _construct(one)
    return "\n".join(parts).rstrip() + "\n"


def _anchor(one: Mapping[str, Any]) -> str:
    kept = re.sub(r"[^\w\- ]", "", f"{one['number']}. {one['name']}".lower())
    return kept.replace(" ", "-")


def component_page(keyword: str) -> str:
    """One kind of charge: its manual, its settings, its example with its cases."""
    manual = (KINDS / keyword / "README.md").read_text(encoding="utf-8").strip()
    title, _, body = manual.partition("\n")
    body = re.sub(r"^Constructs:.*(\n|$)", "", body, flags=re.M)
    serves = [one for one in constructs() if keyword in one["by"]]
    numbers = " · ".join(f"[{one['number']} {one['name']}](../constructs.md#{_anchor(one)})" for one in serves)
    parts = [
        title, "", body.strip().replace("\n## ", "\n\n## ").replace("\n\n\n", "\n\n"), "",
        "## Keys", "", "Beside those of [every charge](../document.md#a-charge):", "",
        *table(components.keys(keyword)), "",
        "## Constructs", "", numbers or "None of the list needs it; see the manual above.", "",
        "## Example", "",
    ]  # fmt: skip
    shown = example(KINDS / keyword / "cases.yaml")
    first = next(name for name, case in shown.cases.items() if not case.refused)
    version = shown.version(first)
    ids = [component.id for component in version.components if component.keyword == keyword]
    parts += ["```yaml", excerpt(shown, version, ids), "```", ""]
    for name, case in shown.cases.items():
        parts += [f"*{name}.* {case.starts} until {case.ends}; {_facts(case.determinants)}.", ""]
        if case.refused:
            parts += [f"Refused: `{case.refused}`.", ""]
            continue
        lines = [line for line in shown.lines(name) if line.component in ids]
        parts += [*bill(lines), ""] if lines else ["No such line.", ""]
    parts += [f"[The folder]({SRC_LINK}/{keyword})", ""]
    return "\n".join(parts)


def _serves(keyword: str) -> str:
    manual = (KINDS / keyword / "README.md").read_text(encoding="utf-8").strip().split("\n\n")
    first = next(one for one in manual[1:] if not one.startswith(("#", "|", "```", "Constructs")))
    return " ".join(first.split()).removeprefix("Serves: ").rstrip(".")


def component_list() -> list[str]:
    """Every kind of charge with what it serves, for the index."""
    rows = ["| Component | Serves |", "|---|---|"]
    rows += [f"| [{one}](components/{one}.md) | {_serves(one)} |".replace("\n", " ") for one in components.keywords()]
    return rows


#: Tables that stand in hand-written pages between ``<!-- keys NAME -->`` and ``<!-- end -->``.
TABLES: dict[str, Mapping[str, Key]] = {
    "tariff": keys.TARIFF, "version": keys.VERSION, "charge": keys.ENVELOPE, "source": keys.SOURCE,
    "proration": keys.PRORATION, "inputs": keys.INPUT_KEYS, "season": keys.SEASON_KEYS,
    "time_of_use": TIME_OF_USE, "formula": keys.FORMULA_VALUE, "bands": keys.BANDS_VALUE, "table": keys.TABLE_VALUE,
}  # fmt: skip


def filled(text: str) -> str:
    """A hand-written page with its tables as they are today."""

    def block(match: re.Match[str]) -> str:
        name = match[1]
        rows = component_list() if name == "components" else table(TABLES[name])
        return f"<!-- keys {name} -->\n" + "\n".join(rows) + "\n<!-- end -->"

    return re.sub(r"<!-- keys (\w+) -->\n.*?<!-- end -->", block, text, flags=re.S)


__all__ = ["PAGES", "TABLES", "component_page", "constructs", "constructs_page", "date", "filled"]
