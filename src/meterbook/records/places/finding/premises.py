"""Premises by service address, spelled right or nearly, and by parcel."""

from __future__ import annotations

from django.db import connection

from meterbook.records.places.finding.spelling import (
    like_prefix,
    meant,
    terms_meant,
    total_apart,
    typed_words,
)

#: What people write for kinds of street that is not their beginning (USPS Publication 28, appendix C1).
SHORT = {
    "blvd": "boulevard", "cv": "cove", "hwy": "highway", "ln": "lane", "pkwy": "parkway", "rd": "road", "trl": "trail",
    "ct": "court", "dr": "drive", "pl": "place", "cir": "circle", "ter": "terrace", "sq": "square",
}  # fmt: skip
#: A very broad question is answered by some of what it means; nobody reads hundreds.
_ENOUGH = 400
_ADDRESS = """
SELECT id, street_number || ' ' || street || ' ' || unit AS address FROM (
    SELECT id, street_number, street, unit FROM places_premise
     WHERE meterbook_search_words(street_number || ' ' || street || ' ' || unit)
           @@ to_tsquery('pg_catalog.simple', %s)
     LIMIT %s) found
 ORDER BY street_number = ANY(%s) DESC, street, length(street_number), street_number, unit LIMIT %s
"""


def premises_by_address(text: str, limit: int) -> list[int]:
    """Premises whose service address holds every word typed, each from its beginning; a whole house number first."""
    words = typed_words(text)
    terms = " & ".join(_with_short(word) for word in words)
    return [pk for pk, _address in _asked(terms, words, limit)]


def premises_nearly_at(text: str, limit: int) -> list[tuple[int, int]]:
    """Premises whose address is some letters off what was typed, and by how many, nearest first."""
    words = typed_words(text)
    near = meant("places_streetword", words)
    if not any(near.values()):
        return []
    parts = [_with_short(word) if word in SHORT else terms_meant([word], near) for word in words]
    found = _asked(" & ".join(parts), words, _ENOUGH)
    rated = [(total_apart([word for word in words if word not in SHORT], near, address), pk) for pk, address in found]
    return [(pk, off) for off, pk in sorted(rated, key=lambda pair: pair[0]) if off][:limit]


def premises_by_parcel(text: str, limit: int) -> list[int]:
    """Premises on parcels whose number begins as typed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p.id FROM places_parcel l JOIN places_premise p ON p.parcel_id = l.id "
            "WHERE upper(l.number) LIKE %s ORDER BY upper(l.number) USING ~<~ LIMIT %s",
            [like_prefix(text.upper()), limit],
        )
        return [row[0] for row in cursor.fetchall()]


def _with_short(word: str) -> str:
    """A word of the question with what it is short for."""
    return f"('{word}':* | '{SHORT[word]}')" if word in SHORT else f"'{word}':*"


def _asked(terms: str, words: list[str], limit: int) -> list[tuple[int, str]]:
    if not terms:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_ADDRESS, [terms, _ENOUGH, words, limit])
        return [(pk, address) for pk, address in cursor.fetchall()]
