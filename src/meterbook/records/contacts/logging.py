"""Writing a contact down as part of any deed: a call taken, a letter sent, a notice given, a complaint heard."""

from __future__ import annotations

from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.contacts.models import CHANNELS, DIRECTIONS, Contact
from meterbook.records.contacts.refusals import ContactRefused
from meterbook.records.customers.models import Account, Person
from meterbook.records.places.models import Premise
from meterbook.records.platform.deeds import tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import CSR
from meterbook.records.tasks.opening import open_task

LONGEST_WORDS = 4000


def log_contact(
    deed: Deed, *, account: Account | None = None, person: Person | None = None, premise: Premise | None = None,
    channel: str, direction: str, reason: str, words: str, happened_on: date | None = None,
    follow_up_on: date | None = None,
) -> Contact:  # fmt: skip
    """Write a contact about an account, a person or a premise down; a day to follow it up opens a task.

    ``channel`` is call, visit, email, letter, text or post; ``direction`` in or out; ``reason`` a code of the policy
    contact-log or of `contacts.words.REASONS`. Without ``happened_on`` it was on the deed's business date. Raises
    `ContactRefused`.
    """
    said, day = words.strip(), happened_on or deed.business_date
    if channel not in CHANNELS or direction not in DIRECTIONS:
        raise ValueError(f"found {channel!r} {direction!r}, expected {CHANNELS} and {DIRECTIONS}")
    if not said or len(said) > LONGEST_WORDS or "\0" in said:
        raise ContactRefused(
            Step(N_("Say in 1 to {longest} characters what the contact was about."), {"longest": LONGEST_WORDS})
        )
    if day > deed.business_date:
        raise ContactRefused(Step(N_("A contact was today or before; a day to come is a follow-up.")))
    if follow_up_on is not None and follow_up_on < deed.business_date:
        raise ContactRefused(Step(N_("The follow-up is due today or later.")))
    made = Contact.objects.create(
        account=account, person=person, premise=premise, channel=channel, direction=direction, reason=reason,
        words=said, happened_on=day, follow_up_on=follow_up_on, deed=deed,
    )  # fmt: skip
    if follow_up_on is not None and account is not None:
        _follow_up(deed, made, account)
    tell(deed, "contacts.logged", contact=made.pk, account=account.pk if account else None, reason=reason)
    return made


def _follow_up(deed: Deed, contact: Contact, account: Account) -> None:
    """The task to come back to a contact: in the hands of who logged it, and a colleague may take it over."""
    assert contact.follow_up_on is not None  # asked before
    open_task(
        deed, kind="contacts.follow_up", subject=f"contact:{contact.pk}", role=CSR,
        user=deed.actor if deed.actor.has_usable_password() else None, due_on=contact.follow_up_on,
        title=Step(N_("Come back to {name}: {words}"), {"name": account.holder.name, "words": contact.words[:80]}),
        link=("account", [account.number]),
    )  # fmt: skip
