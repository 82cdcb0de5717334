"""Words a large city is named with: invented from syllables, thousands of them, some common and most rare."""

from __future__ import annotations

from functools import lru_cache
from random import Random

import polars as pl

from meterbook.demo.drawn.draws import between

_ONSETS = ("b", "br", "c", "ch", "cl", "d", "f", "g", "gr", "h", "j", "k", "l", "m", "n", "p", "qu", "r", "s", "sh",
           "st", "t", "th", "tr", "v", "w", "y", "z")  # fmt: skip
_VOWELS = ("a", "e", "i", "o", "u", "ai", "ea", "ee", "ou")
_CODAS = ("", "l", "n", "r", "s", "t", "ck", "ld", "ll", "mb", "nd", "ng", "rt", "sk", "st")
_ENDINGS = {
    "family": (
        "son",
        "ton",
        "man",
        "well",
        "ford",
        "ley",
        "ez",
        "ado",
        "era",
        "ini",
        "ski",
        "er",
        "es",
        "wood",
        "field",
    ),
    "given": ("a", "o", "ia", "ine", "el", "is", "en", "ette", "io", "y"),
    "street": ("wood", "field", "dale", "brook", "crest", "view", "gate", "mont", "ridge", "ville", "burn", "haven"),
}
#: How many different words there are of each kind; a city of this size has about as many.
COUNTS = {"family": 12_000, "given": 1_500, "street": 2_200}
_FINE = 1 << 20


@lru_cache(maxsize=8)
def words(kind: str, seed: int) -> list[str]:
    """The words of a kind, each once, in the order of how common they are."""
    random, found = Random(f"{kind}/{seed}"), dict[str, None]()
    while len(found) < COUNTS[kind]:
        middle = random.choice(_ONSETS) + random.choice(_VOWELS) + random.choice(_CODAS)
        more = random.choice(_ONSETS) + random.choice(_VOWELS) if random.random() < 0.4 else ""
        found[(middle + more + random.choice(_ENDINGS[kind])).capitalize()] = None
    return list(found)


def drawn(number: pl.Expr, kind: str, *, topic: str, seed: int) -> pl.Expr:
    """One word of a kind for each number: the first of them for about one in a hundred, most for very few."""
    choices = words(kind, seed)
    draw = between(number, 0, _FINE - 1, topic=topic, seed=seed)
    return pl.lit(pl.Series(choices)).gather(len(choices) * draw * draw // (_FINE * _FINE))


def street_names(seed: int, kinds: list[str]) -> list[str]:
    """Every street of the city: each name with each kind of street."""
    return [f"{name} {kind}" for kind in kinds for name in words("street", seed)]
