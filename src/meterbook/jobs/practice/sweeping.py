"""Reading through everything that was kept, for the words of anybody who is real."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from meterbook.jobs.practice import inventing
from meterbook.jobs.practice.columns import Column

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(r"\(?\b\d{3}\)?[ .-]?\d{3}[ .-]?\d{4}\b")
#: Words of names shorter than this are found only within the whole name: they are words of their own too often.
_WHOLE = 4


@dataclass
class Live:
    """Whom the live database knows: names whole and in words, telephone numbers as digits, e-mails, addresses."""

    names: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)
    phones: set[str] = field(default_factory=set)
    emails: set[str] = field(default_factory=set)
    addresses: set[str] = field(default_factory=set)
    longest: int = 1

    def add_name(self, name: str) -> None:
        """Somebody's name, whole and in words."""
        words = [each.lower() for each in _WORD.findall(name)]
        if len(words) > 1:
            self.names.add(" ".join(words))
            self.longest = max(self.longest, min(len(words), 6))
        self.words.update(each for each in words if len(each) >= _WHOLE)


#: Where names, phones, e-mails and addresses of the live database stand.
_PEOPLE = (
    ("customers_person", "name"), ("customers_personevent", "name"),
    ("platform_user", "first_name || ' ' || last_name"),
    ("places_parcel", "owner_name"), ("payments_payment", "payer"), ("autopay_enrolment", "name"),
)  # fmt: skip


def live_words(cursor: Any) -> Live:
    """Gather whom the database knows, before anything is changed. Words the city's own rates use are nobody's name."""
    live = Live()
    for table, column in _PEOPLE:
        cursor.execute(f"SELECT DISTINCT {column} FROM {table} WHERE {column} <> ''")
        for (name,) in cursor.fetchall():
            live.add_name(name)
    cursor.execute("SELECT DISTINCT phone, email FROM customers_person UNION SELECT DISTINCT phone, email FROM "
                   "customers_personevent UNION SELECT '', email FROM platform_user")  # fmt: skip
    for phone, email in cursor.fetchall():
        live.phones.add(re.sub(r"\D", "", phone or "")[-10:])
        live.emails.add((email or "").lower())
    cursor.execute("SELECT DISTINCT lower(street_number || ' ' || street) FROM places_premise")
    live.addresses.update(address for (address,) in cursor.fetchall())
    cursor.execute("SELECT body FROM platform_document UNION SELECT name || department FROM platform_utility "
                   "UNION SELECT title_en || ' ' || title_es FROM ledger_ledgeraccount")  # fmt: skip
    public = {word.lower() for (body,) in cursor.fetchall() for word in _WORD.findall(body)}
    live.words -= public | {"practice", "system", "meterbook"}
    live.phones.discard("")
    live.emails.discard("")
    return live


def cleaned(text: str, live: Live, salt: str) -> str:
    """The text without anybody of the living; the same text where there was nobody."""
    text = _EMAIL.sub(lambda found: _mail(found[0], live, salt), text)
    text = _PHONE.sub(lambda found: _phone(found[0], live, salt), text)
    words = list(_WORD.finditer(text))
    lowered = [each[0].lower() for each in words]
    made, at, after = [], 0, 0
    while at < len(words):
        length = _known(lowered, at, live)
        if length:
            first, last = words[at], words[at + length - 1]
            whole = " ".join(lowered[at : at + length])
            made += [text[after : first.start()],
                     inventing.person(salt, whole) if length > 1 else inventing.word(salt, whole)]  # fmt: skip
            after = last.end()
        at += length or 1
    return _addresses("".join([*made, text[after:]]), live)


def _known(lowered: list[str], at: int, live: Live) -> int:
    """How many words from here are somebody's name: the longest whole name, else one word, else none."""
    for length in range(min(live.longest, len(lowered) - at), 1, -1):
        part = lowered[at : at + length]
        if " ".join(part) in live.names or (length == 2 and f"{part[1]} {part[0]}" in live.names):
            return length
    return int(lowered[at] in live.words)


def _mail(found: str, live: Live, salt: str) -> str:
    if found.lower() not in live.emails:
        return found
    return f"p{inventing.seed(salt, found) % 10**9}@{inventing.DOMAIN}"


def _phone(found: str, live: Live, salt: str) -> str:
    digits = re.sub(r"\D", "", found)
    return f"(000) {inventing.seed(salt, found) % 1000:03d}-0000" if digits in live.phones else found


_ADDRESS = re.compile(r"\b\d+[A-Za-z]?(?: [^\W\d_]+){1,4}")


def _addresses(text: str, live: Live) -> str:
    """Addresses out: a number and the words after it, as long as they are somewhere people live."""

    def replaced(found: re.Match[str]) -> str:
        words = found[0].split(" ")
        for length in range(len(words), 1, -1):
            if " ".join(words[:length]).lower() in live.addresses:
                return " ".join(["1 Practice Way", *words[length:]])
        return found[0]

    return _ADDRESS.sub(replaced, text)


def sweep(cursor: Any, columns: Iterable[Column], live: Live, salt: str) -> int:
    """Clean every kept column; how many values named somebody."""
    return sum(_swept(cursor, column, live, salt) for column in columns)


def _swept(cursor: Any, column: Column, live: Live, salt: str) -> int:
    cursor.execute(f'SELECT DISTINCT "{column.name}"::text FROM "{column.table}" WHERE "{column.name}" IS NOT NULL')
    found = [(old, new) for (old,) in cursor.fetchall() if (new := cleaned(old, live, salt)) != old]
    if not found:
        return 0
    cursor.execute("CREATE TEMP TABLE cleaned_words (old text, new text) ON COMMIT DROP")
    cursor.executemany("INSERT INTO cleaned_words VALUES (%s, %s)", found)
    cast = "::jsonb" if column.type == "jsonb" else f"::varchar({column.longest})"
    cursor.execute(
        f'UPDATE "{column.table}" t SET "{column.name}" = left(w.new, {column.longest}){cast} FROM cleaned_words w '
        f'WHERE t."{column.name}"::text = w.old'
    )
    cursor.execute("DROP TABLE cleaned_words")
    return len(found)


def left_over(cursor: Any, columns: Iterable[Column], live: Live) -> list[str]:
    """Columns in which somebody real is still named: what proves a copy, or refuses it."""
    found = []
    for column in columns:
        cursor.execute(f'SELECT DISTINCT "{column.name}"::text FROM "{column.table}" WHERE "{column.name}" IS NOT NULL')
        if any(cleaned(old, live, "proof") != old for (old,) in cursor.fetchall()):
            found.append(f"{column.table}.{column.name}")
    return found
