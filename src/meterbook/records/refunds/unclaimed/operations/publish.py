"""Publishing a list of unclaimed money: two weekly notices, and the day until which owners may claim."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.refunding.dormancy import check_dates, dates_from
from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.refunds.refusals import NotNow
from meterbook.records.refunds.settings import dormancy_on
from meterbook.records.refunds.unclaimed.models import Publication, Unclaimed, UnclaimedStep


@operation("refunds.publish_unclaimed", roles={SUPERVISOR, FINANCE})
def publish(deed: Deed, *, rule: str, first_on: date, claim_by: date | None = None, newspaper: str = "") -> Publication:
    """List everything dormant under a rule by the first notice, whose owner had a letter and the time to answer.

    ``claim_by`` is the earliest day the rule allows where none is said. Raises `WrongDates` (engine) where the days are
    not the law's, and `NotNow` where nothing is to be published.
    """
    document, rules = dormancy_on(deed.business_date)
    found = rules.rule(rule)
    if found.publication is None or first_on < deed.business_date:
        raise NotNow(Step(N_("This rule needs no publication, or the first notice lies in the past.")))
    days, earliest = dates_from(found.publication, first_on)
    check_dates(found.publication, days, claim_by or earliest)
    ready = [
        one
        for one in _found(rule)
        if found.dormant_on(one.since) <= first_on and _told(one, rules.answer_days, first_on)
    ]
    if not ready:
        raise NotNow(Step(N_("Nothing is dormant by that day whose owner had a letter and the time to answer.")))
    made = Publication.objects.create(
        rule=rule, newspaper=newspaper or found.publication.newspaper, first_on=days[0], second_on=days[-1],
        claim_by=claim_by or earliest, fund=rules.fund, document=document, deed=deed,
    )  # fmt: skip
    for one in ready:
        one.state, one.publication = Unclaimed.PUBLISHED, made
        one.save(update_fields=["state", "publication"])
        UnclaimedStep.objects.create(unclaimed=one, kind="published", done_on=days[0], deed=deed)
    tell(deed, "refunds.unclaimed_published", publication=made.pk, count=len(ready))
    return made


@operation("refunds.prove_publication", roles={BILLING, SUPERVISOR, FINANCE})
def prove_publication(
    deed: Deed, *, publication: Publication, file_name: str, content_type: str, content: bytes
) -> Attachment:
    """Keep the newspaper's affidavit with the list it printed; without it nothing of the list is taken over."""
    kept = keep_file(
        deed, subject=f"publication:{publication.pk}", file_name=file_name, content_type=content_type, content=content
    )
    for one in publication.listed.order_by("pk"):
        UnclaimedStep.objects.create(unclaimed=one, kind="proof", done_on=deed.business_date, note=file_name, deed=deed)
    tell(deed, "refunds.publication_proved", publication=publication.pk, attachment=kept.pk)
    return kept


def _found(rule: str) -> list[Unclaimed]:
    rows = Unclaimed.objects.select_for_update(of=("self",)).filter(state=Unclaimed.FOUND, rule=rule)
    return list(rows.order_by("pk"))


def _told(one: Unclaimed, answer_days: int, day: date) -> bool:
    """Whether a letter went out after the last contact, long enough ago to be answered."""
    letters = one.steps.filter(kind="letter", done_on__gte=one.since)
    return any((day - letter.done_on).days >= answer_days for letter in letters)
