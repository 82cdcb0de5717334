"""What a rule found, in the reader's words: its title and its sentence filled from the figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.figures import words
from meterbook.records.metering.queue.refusals import PROBLEM_WORDS

#: Titles of what is asked without a rule: by the arithmetic of usage, by a person, by another system.
TITLES = {
    "rollover_implausible": _("Lower than the read before"),
    "beyond_dials": _("More digits than the register has"),
    "register_changed": _("Dials or multiplier changed"),
    "no_days": _("Two reads on one day"),
    "too_fine": _("Finer than can be billed"),
    "questioned": _("Questioned by a person"),
}


@dataclass(frozen=True, slots=True)
class Said:
    """A finding as it is read: title, sentence, whether it holds the read, and the value it proposes, if any."""

    rule: str
    title: str
    sentence: str
    holds: bool
    proposed: str


def title_of(rule: str) -> str:
    """A rule's title."""
    if rule in rules.names():
        return gettext(rules.rule(rule).title)
    return str(TITLES.get(rule, "")) or rule.replace("_", " ").capitalize()


def said(rule: str, figures: Mapping[str, Any] | str, *, holds: bool = True) -> Said:
    """A finding in words; one of a rule that is gone is told by its figures."""
    known: Mapping[str, Any] = json.loads(figures) if isinstance(figures, str) else figures
    proposed = str(known.get("proposed") or "")
    return Said(rule, title_of(rule), _sentence(rule, known), holds, proposed)


def _sentence(rule: str, known: Mapping[str, Any]) -> str:
    if rule in rules.names():
        found = rules.rule(rule)
        if str(known.get("what")) in found.says:
            return words(found, json.dumps(dict(known)), gettext)
    if known.get("why"):
        return str(known["why"])
    if rule in PROBLEM_WORDS:
        return gettext(PROBLEM_WORDS[rule]).capitalize()
    return " · ".join(f"{name.replace('_', ' ')}: {value}" for name, value in known.items() if value is not None)
