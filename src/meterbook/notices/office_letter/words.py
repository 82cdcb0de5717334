"""The few words a letter of the office does not bring itself. English here; Spanish in ``locale/es.po``."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from meterbook.engine.trace import N_
from meterbook.notices.translating import translator_of

_FOLDER = Path(__file__).parent
WORDS = {"account": N_("Account {number}")}


@cache
def words(language: str) -> dict[str, str]:
    """Every word in a language; raises ``KeyError`` for an unknown one."""
    translate = translator_of(_FOLDER, language)
    return {name: translate(word) for name, word in WORDS.items()}


def messages() -> list[str]:
    """Every English message a catalogue must translate."""
    return list(WORDS.values())
