"""Finding an account from whatever the caller knows, spelled right or nearly; the surest answer first.

What was typed decides which questions are worth asking; every question is answered from an index. Who may not see
contact data may still ask for a whole telephone number or e-mail address, and sees it masked: beginnings would let
them guess it letter by letter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from meterbook.web.find import numbers, spoken
from meterbook.web.find.asked import Asked, Found, Hit
from meterbook.web.kit.contact import masked_email, masked_phone

LIMIT = 12
#: With so many answers at hand nobody is asked what else they might have meant.
_PLENTY, _LEAST, _LONGEST = 5, 2, 80
#: Surest first: what is printed on something, then what is spoken, then what is nearly that.
_SURE: tuple[Callable[[Asked], Iterator[Found]], ...] = (
    numbers.by_account, numbers.by_bill, numbers.by_meter, spoken.by_email, spoken.by_phone, numbers.by_payment,
    numbers.by_parcel, spoken.by_name, spoken.by_address, spoken.by_mail,
)  # fmt: skip
_NEARLY = (spoken.nearly_named, spoken.nearly_at)


def find(
    text: str, *, day: date, sees_contact: bool, sees_money: bool = True, limit: int = LIMIT, in_full: bool = True
) -> list[Found]:  # fmt: skip
    """Everything the words match, surest first; an account is listed once, under the surest match."""
    text = " ".join(text.replace("\0", " ").split())[:_LONGEST]
    if len(text) < _LEAST:
        return []
    asked = Asked(text, day, sees_contact, sees_money, limit)
    found: list[Found] = []
    listed: set[object] = set()
    for way in (*_SURE, *_NEARLY):
        if way in _NEARLY and sum(len(group.hits) for group in found) >= _PLENTY:
            break
        if way is spoken.nearly_at and any(not group.nearly for group in found):
            break  # what is a name, or an address, by its very words is no street spelled wrong
        for group in way(asked):
            hits = [hit for hit in group.hits if hit.key not in listed][:limit]
            listed |= {hit.key for hit in hits}
            if hits:
                found.append(replace(group, hits=[_shown(hit, sees_contact and in_full) for hit in hits]))
        if found and found[-1].straight_to:
            break
    return found


def _shown(hit: Hit, sees_contact: bool) -> Hit:
    if sees_contact:
        return hit
    match = hit.match
    return replace(hit, match=match.shown(phone=masked_phone(match.phone), email=masked_email(match.email)))
