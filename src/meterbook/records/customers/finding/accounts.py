"""Accounts by their number, and by the address their mail goes to."""

from __future__ import annotations

from django.db import connection

from meterbook.records.places.finding.spelling import like_prefix, meant, search_terms, terms_meant, typed_words

_ENOUGH = 200
_MAILED = """
SELECT account_id FROM (
    (SELECT id AS account_id, closed_on IS NOT NULL AS former, number FROM customers_account
      WHERE meterbook_mail_words(mail_lines) @@ to_tsquery('pg_catalog.simple', %(terms)s) LIMIT %(enough)s)
    UNION
    (SELECT f.account_id, a.closed_on IS NOT NULL, a.number
       FROM customers_forwardingaddress f JOIN customers_account a ON a.id = f.account_id
      WHERE meterbook_mail_words(f.lines) @@ to_tsquery('pg_catalog.simple', %(terms)s) LIMIT %(enough)s)) found
 ORDER BY former, number LIMIT %(limit)s
"""


def accounts_numbered(text: str, limit: int) -> list[int]:
    """Accounts whose number begins as typed, that very number first; dashes and blanks do not count."""
    kept = "".join(character for character in text if character.isalnum())
    if not kept:
        return []
    begun = sorted({like_prefix(text), like_prefix(kept)})
    where = " OR ".join("number LIKE %s" for _ in begun)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM customers_account WHERE {where} ORDER BY number USING ~<~ LIMIT %s", [*begun, limit]
        )
        return [row[0] for row in cursor.fetchall()]


def accounts_mailed_to(text: str, limit: int) -> list[int]:
    """Accounts whose mailing address, or one it is forwarded to, holds every word typed, each from its beginning."""
    return _mailed(search_terms(text), limit)


def accounts_mailed_nearly_to(text: str, limit: int) -> list[int]:
    """The same with words that are some letters off the name of a street on record."""
    words = typed_words(text)
    near = meant("places_streetword", words)
    return _mailed(terms_meant(words, near), limit) if any(near.values()) else []


def _mailed(terms: str, limit: int) -> list[int]:
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_MAILED, {"terms": terms, "enough": _ENOUGH, "limit": limit})
        return [row[0] for row in cursor.fetchall()]
