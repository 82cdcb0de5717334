"""Changing how a person is named and reached, and where an account's mail goes, with nobody's change lost."""

from __future__ import annotations

import re
from collections.abc import Sequence

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.models import Account, Person
from meterbook.records.customers.people.refusals import PersonRefused
from meterbook.records.customers.people.words import PEOPLE
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.platform.versions import refuse_stale

FIELDS = ("name", "phone", "email", "language", "identity_kind", "identity_last_four")
MOST_LINES, LONGEST_LINE = 5, 60
_LAST_FOUR = re.compile(r"[0-9A-Za-z]{4}", re.ASCII)


@operation("customers.change_person", roles={CSR, BILLING, SUPERVISOR})
def change_person(
    deed: Deed, *, account: Account, person: Person, version: int, name: str, phone: str, email: str, language: str,
    identity_kind: str = "", identity_last_four: str = "",
) -> Person:  # fmt: skip
    """Change a person of ``account`` who was read at ``version``. Raises `ChangedMeanwhile`, `PersonRefused`."""
    refuse_own(deed.actor, account, deed.business_date)
    if not name.strip():
        raise PersonRefused(Step(N_("Type the person's name.")))
    if language not in ("en", "es") or identity_kind not in PEOPLE["identity_kind"]:
        raise ValueError(f"found {language!r} {identity_kind!r}, expected codes on the list")
    if bool(identity_kind) != bool(identity_last_four) or (
        identity_last_four and not _LAST_FOUR.fullmatch(identity_last_four)
    ):
        raise PersonRefused(
            Step(N_("Choose the document and type the last four of its number: the rest is never kept."))
        )
    refuse_stale(person, version, FIELDS)
    person.name, person.phone, person.email, person.language = name.strip(), phone.strip(), email.strip(), language
    person.identity_kind, person.identity_last_four = identity_kind, identity_last_four.upper()
    person.save()
    tell(deed, "customers.person_changed", account=account.pk, person=person.pk)
    return person


@operation("customers.change_mailing", roles={CSR, BILLING, SUPERVISOR})
def change_mailing(deed: Deed, *, account: Account, version: int, lines: Sequence[str]) -> Account:
    """Change where the account's mail goes. Raises `ChangedMeanwhile`, `PersonRefused`."""
    refuse_own(deed.actor, account, deed.business_date)
    kept = [" ".join(line.split()) for line in lines if line.strip()]
    if not 2 <= len(kept) <= MOST_LINES or any(len(line) > LONGEST_LINE for line in kept):
        raise PersonRefused(
            Step(
                N_("A mailing address has 2 to {lines} lines of at most {letters} letters below the name."),
                {"lines": MOST_LINES, "letters": LONGEST_LINE},
            )
        )
    refuse_stale(account, version, ["mail_lines"])
    account.mail_lines = kept
    account.save(update_fields=["mail_lines"])
    tell(deed, "customers.mailing_changed", account=account.pk)
    return account
