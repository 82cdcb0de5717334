"""A holder's report of unclaimed property, as values: who holds it, whose it is, how much.

Money is whole cents. Names are A to Z, digits, blanks and `&`; `person_name` and `business_name` make them so.

>>> business_name("The Smith Company, Inc.")
'SMITH COMPANY INC THE'
>>> person_name("José"), person_name("O'Brien-Núñez")
('JOSE', 'OBRIEN NUNEZ')
"""

from __future__ import annotations

import datetime as dt
import unicodedata
from dataclasses import dataclass

PROPERTY_TYPES: dict[str, str] = {
    "UT01": "utility deposits",
    "UT02": "membership fees",
    "UT03": "refunds or rebates",
    "UT04": "capital credit distributions",
    "MS08": "accounts payable",
    "MS09": "credit balances, accounts receivable",
}
"""The property types a utility reports; any code of two letters and two digits is taken."""


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom the state calls: at most three address lines of 30, `state` two letters, `zip` five or nine digits,
    `phone` ten digits."""

    name: str
    lines: tuple[str, ...]
    city: str
    state: str
    zip: str
    phone: str
    email: str = ""
    extension: str = ""
    country: str = "USA"


@dataclass(frozen=True, slots=True)
class Holder:
    """The city as holder: `tax_id` nine digits, `report_year` the year reported in, `report_type` `A` for annual.

    `report_format` is a one-letter code of the standard that this project could not verify; blank unless the state
    says otherwise.
    """

    tax_id: str
    name: str
    city: str
    county: str
    state: str
    contact: Contact
    report_year: int
    report_type: str = "A"
    report_number: int = 1
    report_format: str = ""
    naics: str = ""
    second_contact: Contact | None = None


@dataclass(frozen=True, slots=True)
class Owner:
    """One owner: a person (`last`, `first`, `middle`) or, with `is_business`, a business (`last` holds its name).

    `relationship` such as `SO` sole owner, `JT` joint tenants; `ownership` `OT`, `UN` unknown or `AP` aggregate.
    """

    last: str
    first: str = ""
    middle: str = ""
    is_business: bool = False
    lines: tuple[str, ...] = ()
    city: str = ""
    county: str = ""
    state: str = ""
    zip: str = ""
    country: str = "USA"
    tax_id: str = ""
    born_on: dt.date | None = None
    relationship: str = "SO"
    ownership: str = "OT"


@dataclass(frozen=True, slots=True)
class Property:
    """What one owner is owed: `property_type` as in `PROPERTY_TYPES`, `last_on` the day of the last activity.

    `reported_cents` is what was held, `deduction_cents` what was rightly withheld (with its `deduction_type`); the
    rest is remitted. `account` is the customer's account, `check` the check never cashed, if it was one.
    """

    owner: Owner
    property_type: str
    reported_cents: int
    last_on: dt.date
    started_on: dt.date | None = None
    deduction_cents: int = 0
    deduction_type: str = ""
    account: str = ""
    check: str = ""
    description: str = ""
    others: tuple[Owner, ...] = ()
    line: int = 0

    @property
    def remitted_cents(self) -> int:
        return self.reported_cents - self.deduction_cents


@dataclass(frozen=True, slots=True)
class Report:
    """One holder's report to one state. Without a single property it is a negative report."""

    holder: Holder
    properties: tuple[Property, ...]
    software: str = "METERBOOK"
    creator: str = ""
    creator_contact: str = ""

    def __len__(self) -> int:
        return len(self.properties)

    @property
    def reported_cents(self) -> int:
        return sum(each.reported_cents for each in self.properties)

    @property
    def deduction_cents(self) -> int:
        return sum(each.deduction_cents for each in self.properties)

    @property
    def remitted_cents(self) -> int:
        return self.reported_cents - self.deduction_cents

    @property
    def records(self) -> int:
        """Lines of the file: holder, properties, further owners, summary."""
        return 2 + sum(1 + len(each.others) for each in self.properties)


def person_name(text: str) -> str:
    """Letters, digits, blanks and `&`: accents and apostrophes go, other punctuation becomes a blank, capitals."""
    bare = "".join(each for each in unicodedata.normalize("NFKD", text) if not unicodedata.combining(each))
    kept = "".join(
        each if each.isascii() and (each.isalnum() or each == "&") else "" if each in "'.’" else " " for each in bare
    )
    return " ".join(kept.upper().split())


def business_name(text: str) -> str:
    """As `person_name`, with a leading "The" moved to the end, as the standard asks."""
    name = person_name(text)
    return f"{name[4:]} THE" if name.startswith("THE ") else name
