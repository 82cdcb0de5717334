"""Beginning a draft of a tariff: from a released schedule, or of a new one."""

from __future__ import annotations

import re

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, Document
from meterbook.records.platform.operations.release_document import sha256_of
from meterbook.records.platform.roles import BILLING, FINANCE, SUPERVISOR
from meterbook.records.rates.models import RateDraft, RateRevision
from meterbook.records.rates.obstacles import RESERVED_CODES
from meterbook.records.rates.operations.save_draft import kept_text


class WrongCode(ValueError):
    """The schedule's code is not one: letters, digits and hyphens, at most twenty; and no word of the rate book."""


@operation("rates.begin_draft", roles={BILLING, SUPERVISOR, FINANCE})
def begin_draft(
    deed: Deed, *, code: str, title: str, text: str, cases: str = "", based_on: Document | None = None
) -> RateDraft:
    """Begin a draft of schedule ``code`` with a first text and golden bills; both may still be wrong.

    Raises `WrongCode`, `NotText` and `TooLong`.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}", code):
        raise WrongCode(f"found code {code!r}, expected letters, digits and hyphens, at most twenty")
    if code.lower() in RESERVED_CODES:
        raise WrongCode(f"found code {code!r}, which is a page of the rate book; expected another")
    text, cases = kept_text(text), kept_text(cases)
    draft = RateDraft.objects.create(
        code=code, title=title, based_on=based_on, author=deed.actor, begun_on=deed.business_date
    )
    RateRevision.objects.create(
        draft=draft, sequence=1, body=text, cases=cases, sha256=sha256_of(text), saved_by=deed.actor, deed=deed
    )
    tell(deed, "rates.draft_begun", draft=draft.pk, schedule=code)
    return draft
