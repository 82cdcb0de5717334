"""The numbers of a tariff's newest version, each with the words that say what it is: what a form asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from meterbook.engine.rates.drafts.edits import numbers, scalars
from meterbook.engine.rates.tariff import Tariff, Version
from meterbook.engine.trace import N_

Translate = Callable[[str], str]

#: Keys whose numbers are dollars, percent, or a quantity of the schedule's unit; any other number has no sign.
_DOLLARS = frozenset({"price", "prices", "amount", "minimum", "maximum", "cap", "charge"})
_PERCENT = frozenset({"percent", "percents", "share"})
_QUANTITY = frozenset({"up_to", "included", "width", "widths", "allowance", "free", "over"})
#: Parts of a path in words.
_WORDS = {
    "price": N_("price"),
    "prices": N_("price"),
    "up_to": N_("up to"),
    "percent": N_("percent"),
    "unit_size": N_("size of one unit"),
    "minimum": N_("at least"),
    "maximum": N_("at most"),
    "cap": N_("at most"),
    "amount": N_("amount"),
    "included": N_("units included"),
    "tiers": N_("tier"),
    "values": N_("value"),
    "bands": N_("band"),
    "normal_days": N_("days of a normal period"),
    "tolerance": N_("days around a normal period"),
    "usage_decimals": N_("decimals of usage"),
    "tier_decimals": N_("decimals of tier bounds"),
}
_FROM = N_("from")
_STEP = re.compile(r"(\d+\.\d+|[^.\[\]]+)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class NumberField:
    """One number: its path in the document, its words, what it is (dollars, percent, quantity, plain) and its unit."""

    path: str
    words: str
    value: Decimal
    kind: str
    unit: str

    @property
    def step(self) -> Decimal:
        """The smallest change that keeps its decimals."""
        exponent = self.value.as_tuple().exponent
        return Decimal(1).scaleb(min(exponent if isinstance(exponent, int) else 0, 0))

    @property
    def name(self) -> str:
        """The name of its field in a form."""
        return f"n:{self.path}"


@dataclass(frozen=True, slots=True)
class NumberGroup:
    """The numbers of one charge, or of the version's own rules, under its printed label."""

    component: str
    label: str
    fields: tuple[NumberField, ...]


def number_groups(text: str, tariff: Tariff, *, language: str, translate: Translate) -> list[NumberGroup]:
    """The numbers of the last version: charge by charge in print order, then named values, then proration."""
    version, here = tariff.versions[-1], f"versions[{len(tariff.versions) - 1}]."
    since = {path.removesuffix(".from"): node.value for path, node in scalars(text, file=tariff.file).items()
             if path.endswith(".from")}  # fmt: skip
    found: dict[str, list[NumberField]] = {}
    for path, value in numbers(text, file=tariff.file).items():
        home, rest = _home(path.removeprefix(here), version) if path.startswith(here) else ("", "")
        if not home:
            continue
        dated = since.get(path.rpartition(".")[0])
        words = _said(_STEP.findall(rest), translate) if dated is None else f"{translate(_FROM)} {dated}"
        found.setdefault(home, []).append(_field(path, rest, words, value, tariff.unit))
    labels = {component.id: component.label[language] for component in version.components}
    labels |= {"values": translate(N_("Named values")), "proration": translate(N_("Proration"))}
    return [NumberGroup(home, labels[home], tuple(found[home])) for home in labels if home in found]


def _home(rest: str, version: Version) -> tuple[str, str]:
    """Whose number it is, and where it stands in it; nothing for numbers that charge nothing."""
    head = re.match(r"components\[(\d+)\]\.(.+)", rest)
    if head:
        inner = head[2]
        idle = inner in ("id", "revenue") or inner.startswith(("label.", "source.")) or ".label." in inner
        return ("", "") if idle else (version.components[int(head[1])].id, inner)
    for home in ("values", "proration"):
        if rest.startswith(f"{home}.") and not rest.endswith((".source", ".unit")):
            return home, rest.removeprefix(f"{home}.")
    return "", ""


def _field(path: str, rest: str, words: str, value: Decimal, unit: str) -> NumberField:
    keys = [key for key, _at in _STEP.findall(rest) if key]
    known = (("dollars", _DOLLARS), ("percent", _PERCENT), ("quantity", _QUANTITY))
    kind = next((name for key in reversed(keys) for name, words_of in known if key in words_of), "plain")
    sign = {"dollars": "$", "percent": "%", "quantity": unit, "plain": ""}[kind]
    return NumberField(path=path, words=words, value=value, kind=kind, unit=sign)


def _said(steps: list[tuple[str, str]], translate: Translate) -> str:
    """A path in words: ``tiers[1].price`` is tier 2, price; ``prices.5/8`` is price, 5/8."""
    said: list[str] = []
    for key, at in steps:
        if at:
            said[-1:] = [f"{said[-1]} {int(at) + 1}" if said else str(int(at) + 1)]
        else:
            said.append(translate(_WORDS[key]) if key in _WORDS else key.replace("_", " "))
    text = ", ".join(said)
    return text[:1].upper() + text[1:]
