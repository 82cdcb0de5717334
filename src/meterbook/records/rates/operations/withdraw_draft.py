"""Taking a draft back: out of review to go on writing, or away for good."""

from __future__ import annotations

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR, SYSTEM, roles_of
from meterbook.records.rates.models import RateDraft
from meterbook.records.rates.operations.save_draft import DraftClosed


class NotItsWriter(PermissionError):
    """Only who wrote in a draft, a supervisor or the finance director takes it back."""


def _taken_back_by(deed: Deed, draft: RateDraft) -> None:
    """Raise `NotItsWriter` unless the actor wrote in the draft or answers for it."""
    writers = {draft.author_id, *draft.revisions.values_list("saved_by", flat=True)}
    answers = roles_of(deed.actor, deed.business_date) & {SUPERVISOR, FINANCE, SYSTEM}
    if deed.actor_id not in writers and not answers:
        raise NotItsWriter(f"{deed.actor.username} wrote nothing in draft {draft.pk} of {draft.code}")


@operation("rates.recall_draft", roles={BILLING, SUPERVISOR, FINANCE})
def recall_draft(deed: Deed, *, draft: RateDraft) -> RateDraft:
    """Take a submitted draft out of review, to go on writing. Raises `DraftClosed`, `NotItsWriter`."""
    locked = RateDraft.objects.select_for_update().get(pk=draft.pk)
    if locked.status != RateDraft.SUBMITTED:
        raise DraftClosed(f"draft {locked.pk} of {locked.code} is {locked.status}, not submitted")
    _taken_back_by(deed, locked)
    _drop_request(locked)
    locked.status = RateDraft.DRAFT
    locked.save()
    tell(deed, "rates.draft_recalled", draft=locked.pk, schedule=locked.code)
    return locked


@operation("rates.withdraw_draft", roles={BILLING, SUPERVISOR, FINANCE})
def withdraw_draft(deed: Deed, *, draft: RateDraft) -> RateDraft:
    """End a draft that will not be released; it stays to read. Raises `DraftClosed`, `NotItsWriter`."""
    locked = RateDraft.objects.select_for_update().get(pk=draft.pk)
    if locked.status not in (RateDraft.DRAFT, RateDraft.SUBMITTED):
        raise DraftClosed(f"draft {locked.pk} of {locked.code} is {locked.status}")
    _taken_back_by(deed, locked)
    _drop_request(locked)
    locked.status = RateDraft.WITHDRAWN
    locked.save()
    tell(deed, "rates.draft_withdrawn", draft=locked.pk, schedule=locked.code)
    return locked


def _drop_request(draft: RateDraft) -> None:
    if draft.approval is not None:
        waiting = Approval.objects.filter(pk=draft.approval.pk, status=Approval.PENDING)
        waiting.update(status=Approval.WITHDRAWN)
