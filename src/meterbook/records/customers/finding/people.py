"""Accounts by the people behind them: a name in any order and nearly right, a telephone number, an e-mail address."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connection

from meterbook.records.places.finding.spelling import (
    like_prefix,
    meant,
    search_terms,
    terms_meant,
    total_apart,
    typed_all,
    typed_words,
)

#: A very broad question is answered by some of what it means; nobody reads hundreds.
_ENOUGH = 400
_FOUND = """
WITH found AS MATERIALIZED (SELECT id, name FROM customers_person WHERE {where} LIMIT {enough})
SELECT a.id, f.name, '', a.closed_on IS NOT NULL
  FROM found f JOIN customers_account a ON a.holder_id = f.id
UNION ALL
SELECT p.account_id, f.name, p.part, a.closed_on IS NOT NULL
  FROM found f JOIN customers_accountperson p ON p.person_id = f.id JOIN customers_account a ON a.id = p.account_id
"""
_NAMED = "meterbook_search_words(name) @@ to_tsquery('pg_catalog.simple', %s)"
_WHOLE_PHONE = 10


@dataclass(frozen=True, slots=True)
class Behind:
    """An account, the person by whom it was found, their part in it ('' for the holder), and letters apart."""

    account_id: int
    name: str
    part: str
    former: bool
    apart: int = 0


def by_name(text: str, limit: int) -> list[Behind]:
    """Accounts of people whose name holds every word typed, each from its beginning; whole words first."""
    words = typed_words(text)
    if not words:
        return []
    found = _ask(_NAMED, [" & ".join(f"'{word}'" for word in words)])
    if len(found) < limit:
        found += _ask(_NAMED, [search_terms(text)])
    return _ranked(found, words, limit)


def nearly_named(text: str, limit: int) -> list[Behind]:
    """Accounts of people whose name is some letters off what was typed, nearest first."""
    words = typed_words(text)
    near = meant("customers_nameword", words)
    questions = [terms_meant(words, near)] if any(near.values()) else []
    questions += [search_terms(joined) for joined in _joined(words)]
    found = [
        Behind(one.account_id, one.name, one.part, one.former, total_apart(words, near, one.name) or 1)
        for question in questions
        for one in _ask(_NAMED, [question])
    ]
    return _ranked(found, words, limit)


def by_phone(digits: str, limit: int, *, whole: bool) -> list[Behind]:
    """Accounts of people whose telephone number ends with these digits, or, if ``whole``, is these digits."""
    if whole and len(digits) < _WHOLE_PHONE:
        return []
    turned = digits[-_WHOLE_PHONE:][::-1]
    found = _ask("phone <> '' AND meterbook_last_digits(phone) LIKE %s", [like_prefix(turned)])
    return _ranked(found, [], limit)


def by_email(text: str, limit: int, *, whole: bool) -> list[Behind]:
    """Accounts of people whose e-mail address begins with what was typed, or, if ``whole``, is it."""
    asked = text.lower().strip()
    where = "email <> '' AND lower(email) LIKE %s" + (" AND lower(email) = %s" if whole else "")
    return _ranked(_ask(where, [like_prefix(asked), *([asked] if whole else [])]), [], limit)


def _joined(words: list[str]) -> list[str]:
    """The words with two neighbours written as one, as in "mc donald".

    >>> _joined(["ana", "mc", "donald"])
    ['anamc donald', 'ana mcdonald']
    """
    return [
        " ".join([*words[:at], words[at] + words[at + 1], *words[at + 2 :]])
        for at in range(len(words) - 1)
        if words[at].isalpha() and words[at + 1].isalpha()
    ]


def _ask(where: str, params: list[Any]) -> list[Behind]:
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.format(where=where, enough=_ENOUGH), params)
        return [Behind(*row) for row in cursor.fetchall()]


def _ranked(found: list[Behind], words: list[str], limit: int) -> list[Behind]:
    """The nearest first, then who bears the very words typed, then customers before former ones, then by name."""

    def rank(one: Behind) -> tuple[int, int, bool, bool, str, int]:
        there = set(typed_all(one.name))
        return (one.apart, -sum(word in there for word in words), one.former, one.part != "", one.name, one.account_id)

    best: dict[int, Behind] = {}
    for one in sorted(found, key=rank):
        best.setdefault(one.account_id, one)
    return list(best.values())[:limit]
