"""What callers say, drawn from what is on record: whole, turned round, begun, and with a letter wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from django.db import connection

_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Question:
    """What is typed, of which kind, and the account that is meant ('' where none is)."""

    kind: str
    text: str
    meant: str = ""


#: Text and account number by kind; `%s` is how many are wanted.
_PEOPLE = """
SELECT p.name, a.number FROM customers_account a JOIN customers_person p ON p.id = a.holder_id
 WHERE a.closed_on IS {closed} NULL AND NOT p.is_organisation ORDER BY md5(a.id::text) LIMIT %s
"""
_ON_RECORD = {
    "account number": "SELECT number, number FROM customers_account ORDER BY md5(id::text) LIMIT %s",
    "name": _PEOPLE.format(closed=""),
    "former customer": _PEOPLE.format(closed="NOT"),
    "service address": """
        SELECT p.street_number || ' ' || p.street || ' ' || p.unit, a.number FROM customers_serviceagreement g
          JOIN customers_account a ON a.id = g.account_id JOIN places_servicepoint s ON s.id = g.service_point_id
          JOIN places_premise p ON p.id = s.premise_id
         WHERE s.commodity = 'water' AND upper(g.validity) IS NULL AND g.id %% 97 = 5 LIMIT %s""",
    "mailing address": """
        SELECT a.mail_lines->>0, a.number FROM customers_account a
         WHERE a.mail_lines->>0 LIKE 'PO Box%%' AND closed_on IS NULL ORDER BY md5(a.id::text) LIMIT %s""",
    "phone": """
        SELECT p.phone, a.number FROM customers_account a JOIN customers_person p ON p.id = a.holder_id
         WHERE p.phone <> '' ORDER BY md5(a.id::text) LIMIT %s""",
    "e-mail": """
        SELECT p.email, a.number FROM customers_account a JOIN customers_person p ON p.id = a.holder_id
         WHERE p.email <> '' ORDER BY md5(a.id::text) LIMIT %s""",
    "meter serial": """
        SELECT m.serial, a.number FROM metering_meter m JOIN metering_installation i ON i.meter_id = m.id
          JOIN customers_serviceagreement g ON g.service_point_id = i.service_point_id AND upper(g.validity) IS NULL
          JOIN customers_account a ON a.id = g.account_id WHERE m.id %% 997 = 3 LIMIT %s""",
    "parcel": """
        SELECT l.number, a.number FROM places_parcel l JOIN places_premise p ON p.parcel_id = l.id
          JOIN places_servicepoint s ON s.premise_id = p.id AND s.commodity = 'water'
          JOIN customers_serviceagreement g ON g.service_point_id = s.id AND upper(g.validity) IS NULL
          JOIN customers_account a ON a.id = g.account_id WHERE l.id %% 997 = 3 LIMIT %s""",
    "bill number": """
        SELECT b.number, a.number FROM billing_bill b JOIN customers_account a ON a.id = b.account_id
         WHERE b.id %% 97 = 3 LIMIT %s""",
    "check number": """
        SELECT p.reference, a.number FROM payments_payment p JOIN customers_account a ON a.id = p.account_id
         WHERE p.reference <> '' ORDER BY md5(p.id::text) LIMIT %s""",
}


def questions(each: int, seed: int) -> list[Question]:
    """``each`` questions of every kind."""
    random = Random(seed)
    rows = {kind: _rows(sql, each) for kind, sql in _ON_RECORD.items()}
    said = [Question(kind, text, meant) for kind, found in rows.items() for text, meant in found]
    changed: dict[str, tuple[str, Callable[[str], str]]] = {
        "name, turned round": ("name", lambda text: " ".join(reversed(text.split()))),
        "family name alone": ("name", lambda text: text.split()[-1]),
        "name, begun": ("name", lambda text: " ".join(word[:4] for word in text.split())),
        "three letters of a name": ("name", lambda text: text[:3]),
        "two letters of a name": ("name", lambda text: text[:2]),
        "name, one letter wrong": ("name", lambda text: slip(text, random)),
        "name, a letter wrong in each word": (
            "name", lambda text: " ".join(slip(word, random) for word in text.split())),
        "service address, one letter wrong": ("service address", lambda text: _slip_of_street(text, random)),
        "last four of a phone": ("phone", lambda text: text[-4:]),
        "e-mail, begun": ("e-mail", lambda text: text[: text.index("@") + 3]),
        "street alone": ("service address", lambda text: text.split()[1]),
        "nothing on record": ("name", lambda text: "".join(random.choices(_LETTERS, k=8)) + " " + text[:2] + "qx"),
    }  # fmt: skip
    for kind, (source, change) in changed.items():
        said += [Question(kind, change(text), meant) for text, meant in rows[source]]
    random.shuffle(said)
    return said


def slip(text: str, random: Random) -> str:
    """A text with one letter left out, doubled, changed, or swapped with the next, not at its very beginning."""
    places = [at for at in range(1, len(text) - 1) if text[at].isalpha() and text[at + 1].isalpha()]
    if not places:
        return text
    at = random.choice(places)
    return random.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + text[at] + text[at:],
            text[:at] + random.choice(_LETTERS) + text[at + 1 :],
            text[:at] + text[at + 1] + text[at] + text[at + 2 :],
        ]
    )


def _slip_of_street(text: str, random: Random) -> str:
    number, _, rest = text.partition(" ")
    street, _, kind = rest.partition(" ")
    return f"{number} {slip(street, random)} {kind}"


def _rows(sql: str, each: int) -> list[tuple[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [each])
        return [(str(text).strip(), str(meant)) for text, meant in cursor.fetchall()]
