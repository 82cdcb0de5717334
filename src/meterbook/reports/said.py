"""What a rule found about a read, in the reader's words: the rule's title and its sentence."""

from __future__ import annotations

import json
from typing import Any

from django.utils.translation import gettext

from meterbook.engine.metering.validation import rules
from meterbook.engine.metering.validation.figures import words
from meterbook.records.metering.queue.refusals import PROBLEM_WORDS


def sentence(rule: str, figures: dict[str, Any]) -> str:
    """One finding as a sentence: a rule's own, a problem of the arithmetic, or what a person wrote."""
    if rule in rules.names():
        found = rules.rule(rule)
        if str(figures.get("what")) in found.says:
            return f"{gettext(found.title)}: {words(found, json.dumps(figures), gettext)}"
        return gettext(found.title)
    if figures.get("why"):
        return str(figures["why"])
    if rule in PROBLEM_WORDS:
        return gettext(PROBLEM_WORDS[rule])
    return rule.replace("_", " ").capitalize()


def sentences(findings: list[dict[str, Any]] | str | None) -> str:
    """Every finding of a read, those that held it first; ``findings`` as PostgreSQL aggregates them."""
    known = json.loads(findings) if isinstance(findings, str) else findings or []
    return " ".join(sentence(each["rule"], each["figures"] or {}) for each in known)
