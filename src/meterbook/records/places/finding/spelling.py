"""How words are compared: without accents and case, from their beginnings, and a letter or two apart.

The same rules are written twice: here for the question, and as SQL functions for what is on record
(`meterbook_search_words`, `meterbook_word_keys`); a test holds the two against each other.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db import connection

#: The accents `meterbook_search_text` takes off in the database, taken off the question in the same way.
_PLAIN = str.maketrans(
    "ÁÀÂÄÃÉÈÊËÍÌÎÏÓÒÔÖÕÚÙÛÜÑÇáàâäãéèêëíìîïóòôöõúùûüñç", "AAAAAEEEEIIIIOOOOOUUUUNCaaaaaeeeeiiiiooooouuuunc"
)
_MOST_WORDS, _MOST_NEAR = 6, 8
#: Keys are taken of so many letters, so that a word still being typed has the keys of the whole one.
BEGINNING = 5
#: From so many letters on a word may be one letter off, and two; shorter ones would resemble everything.
_ONE, _TWO = 3, 7


@dataclass(frozen=True, slots=True)
class Near:
    """A word on record that is nearly what was typed, and by how many letters."""

    word: str
    apart: int


def typed_words(text: str) -> list[str]:
    """The words of a question, in lower case and without accents.

    >>> typed_words("412 Mapel, José")
    ['412', 'mapel', 'jose']
    """
    kept = "".join(character if character.isalnum() else " " for character in text.translate(_PLAIN))
    return [word.lower() for word in kept.split()[:_MOST_WORDS]]


def search_terms(text: str) -> str:
    """What was typed as a full-text question: every word must begin some word on record.

    >>> search_terms("412 Map")
    "'412':* & 'map':*"
    """
    return " & ".join(f"'{word}':*" for word in typed_words(text))


def like_prefix(text: str) -> str:
    """A LIKE pattern for text that begins exactly as given.

    >>> like_prefix("5_0%")
    '5\\\\_0\\\\%%'
    """
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def misspellable(word: str) -> bool:
    """Whether a word typed is long enough, and of letters, so that it may be meant for another."""
    return len(word) >= _ONE and not any(each.isdigit() for each in word)


def keys(word: str) -> list[str]:
    """What a word shares with those one letter apart at its beginning: its first letters, whole and one left out.

    >>> keys("maple")
    ['aple', 'male', 'mape', 'mapl', 'maple', 'mple']
    """
    first = word[:BEGINNING]
    return sorted({first, *(first[:at] + first[at + 1 :] for at in range(len(first)))})


def apart(typed: str, word: str) -> int:
    """By how many letters ``typed`` is off ``word``, or, of five letters and more, off its beginning.

    A letter put in, left out, changed, or two neighbours swapped, each count one (optimal string alignment).

    >>> apart("gonzalse", "gonzales"), apart("winterbuor", "winterbourne"), apart("jon", "john")
    (1, 1, 1)
    """
    before: list[int] = []
    row = list(range(len(word) + 1))
    for at, letter in enumerate(typed, 1):
        older, before, row = before, row, [at]
        for place, other in enumerate(word, 1):
            cost = min(before[place] + 1, row[place - 1] + 1, before[place - 1] + (letter != other))
            if at > 1 and place > 1 and letter == word[place - 2] and typed[at - 2] == other:
                cost = min(cost, older[place - 2] + 1)
            row.append(cost)
    return min(row) if len(typed) >= BEGINNING else row[-1]


def nearest(table: str, typed: str) -> list[Near]:
    """The words of a dictionary that ``typed`` may be meant for, nearest first; ``typed`` itself is not among them."""
    if not misspellable(typed):
        return []
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT word FROM {table} WHERE keys && %s", [keys(typed)])
        candidates = [row[0] for row in cursor.fetchall()]
    most = 1 + (len(typed) >= _TWO)
    found = [Near(word, apart(typed, word)) for word in candidates if len(word) >= len(typed) - most]
    good = [near for near in found if 0 < near.apart <= most]
    return sorted(good, key=lambda near: (near.apart, near.word[0] != typed[0], abs(len(near.word) - len(typed)),
                                          near.word))[:_MOST_NEAR]  # fmt: skip


def meant(table: str, words: list[str]) -> dict[str, list[Near]]:
    """For each word typed, the words on record it may be meant for."""
    return {word: nearest(table, word) for word in words}


def terms_meant(words: list[str], near: dict[str, list[Near]]) -> str:
    """A full-text question in which each word may stand for one that is nearly it.

    >>> terms_meant(["12", "mapel"], {"12": [], "mapel": [Near("maple", 1)]})
    "('12':*) & ('mapel':* | 'maple')"
    """
    return " & ".join(
        "(" + " | ".join([f"'{word}':*", *(f"'{one.word}'" for one in near.get(word, []))]) + ")" for word in words
    )


def total_apart(words: list[str], near: dict[str, list[Near]], text: str) -> int:
    """By how many letters in all the words typed are off those of a text that was found by `terms_meant`."""
    there = typed_all(text)
    return sum(_apart_in(word, near.get(word, []), there) for word in words)


def typed_all(text: str) -> list[str]:
    """Every word of a text on record, as `typed_words` without its limit."""
    kept = "".join(character if character.isalnum() else " " for character in text.translate(_PLAIN))
    return kept.lower().split()


def _apart_in(word: str, near: list[Near], there: list[str]) -> int:
    if any(one.startswith(word) for one in there):
        return 0
    return min((one.apart for one in near if one.word in there), default=0)
