"""Trying to reach the owner: letters sent, answers and contact written down, each on its day."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from meterbook.engine.trace import N_, Step
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import BILLING, CSR, FINANCE, SUPERVISOR
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import dormancy_on
from meterbook.records.refunds.unclaimed.models import Unclaimed, UnclaimedStep


@operation("refunds.send_unclaimed_letters", roles={BILLING, SUPERVISOR, FINANCE})
def send_letters(deed: Deed, *, properties: Sequence[Unclaimed] | None = None) -> list[UnclaimedStep]:
    """Record the letters of today: to the owners named, or of everything found that had none yet."""
    rows = Unclaimed.objects.select_for_update(of=("self",)).filter(state=Unclaimed.FOUND).order_by("pk")
    if properties is None:
        rows = rows.exclude(steps__kind="letter")
    else:
        rows = rows.filter(pk__in=[one.pk for one in properties])
    made = [
        UnclaimedStep.objects.create(unclaimed=one, kind="letter", done_on=deed.business_date, deed=deed)
        for one in rows
    ]
    tell(deed, "refunds.unclaimed_letters_sent", steps=[one.pk for one in made])
    return made


@operation("refunds.record_contact", roles={BILLING, CSR, SUPERVISOR, FINANCE})
def record_contact(deed: Deed, *, unclaimed: Unclaimed, note: str) -> Unclaimed:
    """The owner was heard of: the years begin again today. Not once the money is published. Raises `NotNow`."""
    refuse_own(deed.actor, unclaimed.account, deed.business_date)
    locked = Unclaimed.objects.select_for_update(of=("self",)).get(pk=unclaimed.pk)
    if locked.state != Unclaimed.FOUND or not note.strip():
        raise NotNow(Step(N_("Contact is written down before the money is published, in a sentence.")))
    UnclaimedStep.objects.create(
        unclaimed=locked, kind="contact", done_on=deed.business_date, note=note.strip(), deed=deed
    )
    locked.since = deed.business_date
    locked.save(update_fields=["since"])
    tell(deed, "refunds.owner_heard_of", unclaimed=locked.pk)
    return locked


def answered_by(one: Unclaimed, letter: date) -> date:
    """The day until which a letter's answer is awaited."""
    _, rules = dormancy_on(letter)
    return date.fromordinal(letter.toordinal() + rules.answer_days)
