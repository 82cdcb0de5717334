"""The words of an explanation: steps that know their numbers and are put into a language only when read.

A step is a message with named values. The message is English and marked for translation with `N_`; whoever shows
it passes a translator (gettext), so the engine itself knows no language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

Value = str | int | Decimal | date
Translate = Callable[[str], str]


def N_(message: str) -> str:  # noqa: N802  (the gettext convention for "mark, do not translate yet")
    """Mark a message for translation and return it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of an explanation: ``message`` is a ``str.format`` template over ``values``."""

    message: str
    values: dict[str, Value] = field(default_factory=dict)

    def words(self, translate: Translate) -> str:
        """The sentence in the translator's language."""
        return translate(self.message).format(**self.values)
