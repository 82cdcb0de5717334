"""The words of an explanation: steps that know their numbers and are put into a language only when read.

A step is a message with named values. The message is English and marked for translation with `N_`; whoever shows
it passes a translator (gettext), so the engine itself knows no language.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Value: TypeAlias = "str | int | Decimal | date | Step"
Translate = Callable[[str], str]


def N_(message: str) -> str:  # noqa: N802  (the gettext convention for "mark, do not translate yet")
    """Mark a message for translation and return it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Step:
    """One sentence of an explanation: ``message`` is a ``str.format`` template over ``values``.

    A value may itself be a step (a word such as "yes"), and is put into the same language.
    """

    message: str
    values: dict[str, Value] = field(default_factory=dict)

    def words(self, translate: Translate) -> str:
        """The sentence in the translator's language."""
        values = {name: one.words(translate) if isinstance(one, Step) else one for name, one in self.values.items()}
        return translate(self.message).format(**values)
