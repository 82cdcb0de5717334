"""What a caller says: a name, an address, a telephone number, an e-mail address; right, or a letter or two apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from meterbook.records.customers.finding import accounts, people
from meterbook.records.customers.finding.people import Behind
from meterbook.records.places.finding import premises
from meterbook.web.find.asked import Asked, Found, Hit, of_accounts, of_premises
from meterbook.web.kit import words

_PHONE = 4
_NAME_APART = {1: _("Name, one letter apart"), 2: _("Name, two letters apart")}
_ADDRESS_APART = {1: _("Service address, one letter apart"), 2: _("Service address, two letters apart")}


def by_email(asked: Asked) -> Iterator[Found]:
    """People by their e-mail address."""
    if "@" in asked.text and asked.is_one_word:
        found = people.by_email(asked.text, asked.limit, whole=not asked.sees_contact)
        yield Found(_("E-mail"), _behind(found))


def by_phone(asked: Asked) -> Iterator[Found]:
    """People by the last digits of their telephone number."""
    phone_like = all(each.isdigit() or each in " ()-.+/" for each in asked.text)
    if phone_like and len(asked.digits) >= _PHONE:
        found = people.by_phone(asked.digits, asked.limit, whole=not asked.sees_contact)
        yield Found(_("Phone"), _behind(found))


def by_name(asked: Asked) -> Iterator[Found]:
    """People by the words of their name in any order, each from its beginning."""
    if asked.has_letters and "@" not in asked.text:
        yield Found(_("Name"), _behind(people.by_name(asked.text, asked.limit)))


def by_address(asked: Asked) -> Iterator[Found]:
    """Premises by the words of their service address."""
    if "@" not in asked.text:
        yield Found(_("Service address"), _at(premises.premises_by_address(asked.text, asked.limit), asked))


def by_mail(asked: Asked) -> Iterator[Found]:
    """Accounts by the words of their mailing address."""
    if asked.has_letters and "@" not in asked.text:
        yield Found(_("Mailing address"), of_accounts(accounts.accounts_mailed_to(asked.text, asked.limit)))


def nearly_named(asked: Asked) -> Iterator[Found]:
    """People whose name is some letters off; what begins with a house number is no name."""
    if not asked.has_letters or "@" in asked.text or asked.text.split()[0].isdigit():
        return
    found = people.nearly_named(asked.text, asked.limit)
    for apart in sorted({one.apart for one in found}):
        how = _NAME_APART.get(apart, _("Name, some letters apart"))
        yield Found(how, _behind(one for one in found if one.apart == apart), nearly=True)


def nearly_at(asked: Asked) -> Iterator[Found]:
    """Premises, and mailing addresses, whose street is some letters off."""
    if not asked.has_letters or "@" in asked.text:
        return
    found = premises.premises_nearly_at(asked.text, asked.limit)
    for apart in sorted({off for _premise, off in found}):
        how = _ADDRESS_APART.get(apart, _("Service address, some letters apart"))
        yield Found(how, _at([premise for premise, off in found if off == apart], asked))
    mailed = accounts.accounts_mailed_nearly_to(asked.text, asked.limit)
    yield Found(_("Mailing address, some letters apart"), of_accounts(mailed))


def _at(premise_ids: list[int], asked: Asked) -> list[Hit]:
    return [hit for hits in of_premises(premise_ids, asked.day).values() for hit in hits]


def _behind(found: Iterable[Behind]) -> list[Hit]:
    """Accounts as answers; whoever was found and does not hold the account is named beside it."""
    by_id = {one.account_id: one for one in found}
    hits = of_accounts(by_id)
    return [Hit(hit.match, _part(by_id[hit.match.account_id or 0])) for hit in hits]


def _part(one: Behind) -> str:
    return f"{one.name}, {words.say('part', one.part)}" if one.part else ""
