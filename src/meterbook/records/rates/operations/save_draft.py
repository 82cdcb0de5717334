"""Saving a draft: every changed state is a revision of its own, and none is ever written over."""

from __future__ import annotations

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.release_document import sha256_of
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.rates.models import RateDraft, RateRevision

#: A tariff document is pages, not megabytes.
LARGEST_TEXT = 1_000_000


class DraftClosed(ValueError):
    """The draft is submitted, released or withdrawn; its text stays."""


class DraftMoved(ValueError):
    """Somebody else saved the draft in the meantime."""


class TooLong(ValueError):
    """The text is longer than any tariff."""


class NotText(ValueError):
    """The text holds a character that is none (NUL)."""


def kept_text(text: str) -> str:
    """A text as it is kept: lines end with LF. Raises `NotText` and `TooLong`."""
    if "\0" in text:
        raise NotText(f"found a NUL character at {text.index(chr(0)) + 1}, expected text")
    if len(text) > LARGEST_TEXT:
        raise TooLong(f"found {len(text):,} characters, expected at most {LARGEST_TEXT:,}")
    return text.replace("\r\n", "\n")


def open_draft(draft: RateDraft) -> RateDraft:
    """The draft, locked, if it may still be written; raises `DraftClosed`."""
    locked = RateDraft.objects.select_for_update().get(pk=draft.pk)
    if locked.status != RateDraft.DRAFT:
        raise DraftClosed(f"draft {locked.pk} of {locked.code} is {locked.status}")
    return locked


@operation("rates.save_draft", roles={BILLING, SUPERVISOR, FINANCE})
def save_draft(
    deed: Deed, *, draft: RateDraft, revision: int, text: str | None = None, cases: str | None = None
) -> RateRevision:
    """Keep a new state of a draft; what is not given stays, and an unchanged state is kept as it is.

    ``revision`` is the state the writer saw. Raises `DraftClosed`, `TooLong`, `NotText`, and `DraftMoved` if a newer
    one stands.
    """
    open_draft(draft)
    newest = draft.revisions.order_by("-sequence")[0]
    body = newest.body if text is None else kept_text(text)
    golden = newest.cases if cases is None else kept_text(cases)
    if (body, golden) == (newest.body, newest.cases):
        return newest
    if newest.sequence != revision:
        raise DraftMoved(f"{newest.saved_by} saved revision {newest.sequence} in the meantime")
    saved = RateRevision.objects.create(
        draft=draft, sequence=newest.sequence + 1, body=body, cases=golden, sha256=sha256_of(body),
        saved_by=deed.actor, deed=deed,
    )  # fmt: skip
    tell(deed, "rates.draft_saved", draft=draft.pk, revision=saved.sequence)
    return saved
