"""Marks in the reader's words."""

from __future__ import annotations

from typing import Any

from django.utils.translation import get_language, gettext

from meterbook.engine.billing.register.mark import TESTS, sentence
from meterbook.records.billing.register.settings import HoldRules
from meterbook.records.platform.roles import TITLES
from meterbook.web.kit import figures, words


def title_of(test: str) -> str:
    """A test's title."""
    return gettext(TESTS[test].title)


def titles() -> list[tuple[str, str]]:
    """Every test by its title, in the order of the policy."""
    return [(name, title_of(name)) for name in TESTS]


def says(mark: dict[str, Any]) -> str:
    """What a mark says, with both figures."""
    return sentence(mark, mark["details"], gettext, _shown)


def _shown(kind: str, value: Any, unit: str) -> str:
    if value is None:
        return gettext("nothing")
    match kind:
        case "cents":
            return figures.money(int(value))
        case "usage":
            return figures.quantity(int(value), unit)
        case "service":
            return words.say("commodity", str(value))
        case "class":
            return words.say("premise_class", str(value))
        case _:
            return figures.count(value) if isinstance(value, int) else str(value)


def reason_choices(rules: HoldRules) -> list[tuple[str, str]]:
    """The reasons for a hold by hand, in the reader's language."""
    language = (get_language() or "en")[:2]
    return [(one.code, one.words.get(language, one.words["en"])) for one in rules.reasons]


def owner_choices() -> list[tuple[str, str]]:
    """Roles that can work a hold; the reason's own first."""
    return [
        ("", gettext("As the reason says")),
        *((code, str(title)) for code, title in TITLES.items() if code != "system"),
    ]
