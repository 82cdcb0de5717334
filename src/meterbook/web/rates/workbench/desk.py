"""A draft on the desk: its newest state, what is wrong with it, and what the reader may do with it now."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.rates.drafts.differences import Difference, differences, document_differences
from meterbook.engine.rates.tariff import Tariff
from meterbook.engine.trace import N_, Step
from meterbook.records.billing.operations.enact_rates import chart_codes
from meterbook.records.platform.screens import deed_of
from meterbook.records.rates import draft_screens
from meterbook.records.rates.checking import Checked, attempt, check
from meterbook.records.rates.golden import GoldenResult, golden_bills
from meterbook.records.rates.numbers import NumberGroup, number_groups
from meterbook.records.rates.obstacles import obstacles
from meterbook.records.rates.queries import newest_revision, tariff_of
from meterbook.web.kit.access import may
from meterbook.web.kit.language import bilingual
from meterbook.web.kit.refusals import in_words

#: The pages of a draft, in the order of the work: address name and title.
TABS: tuple[tuple[str, str | Promise], ...] = (
    ("draft", _("Prices")),
    ("draft_text", _("Text")),
    ("draft_golden", _("Golden bills")),
    ("draft_differences", _("Differences")),
    ("draft_impact", _("Revenue impact")),
    ("draft_solve", _("Solve for revenue")),
    ("draft_review", _("Review")),
)
#: Stands in place of a charge where the schedule's own words differ: title, eligibility, service, unit.
SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a draft."""

    name: str
    title: str | Promise
    href: str
    current: bool


@dataclass
class Desk:
    """One draft with its newest state; what is dear to find out is found out when asked."""

    request: HttpRequest
    draft: Any
    revision: Any

    @property
    def file(self) -> str:
        """The name of its text in messages."""
        return f"{self.draft.code}.yaml"

    @cached_property
    def checked(self) -> Checked:
        """The text read, its golden bills run."""
        return check(self.revision.body, self.revision.cases, file=self.file)

    @property
    def tariff(self) -> Tariff | None:
        """The draft's tariff, if the text is one."""
        return self.checked.tariff

    @cached_property
    def released(self) -> Any:
        """The schedule as it is released now, or nothing for a new one."""
        return draft_screens.find_schedule(self.draft.code)

    @cached_property
    def before(self) -> Any:
        """The release to compare with: the newest one, or what a released draft was begun from."""
        closed = self.draft.status == "released"
        return self.draft.based_on if closed or self.released is None else self.released.document

    @property
    def adds_version(self) -> bool:
        """Whether the text's last version is one that is not released yet."""
        if self.tariff is None:
            return False
        known = {each.version for each in tariff_of(self.before).versions} if self.before is not None else set()
        return self.tariff.versions[-1].version not in known

    @property
    def may_write(self) -> bool:
        """Whether the reader may change it now."""
        return self.draft.status == "draft" and may(self.request, "rates.save_draft")

    @cached_property
    def wrote(self) -> bool:
        """Whether the reader saved a state of it, or submitted it."""
        writers = {each.saved_by_id for each in draft_screens.revisions(self.draft)}
        if self.draft.approval is not None:
            writers.add(self.draft.approval.requested_by_id)
        return self.request.user.pk in writers

    @property
    def may_release(self) -> bool:
        """Whether the reader may decide on it now."""
        return self.draft.status == "submitted" and not self.wrote and may(self.request, "rates.release_draft")

    @property
    def seen(self) -> int:
        """The revision the page is about: what was on the screen when something was sent, else the newest."""
        sent = self.request.POST.get("revision", "")
        if self.request.method != "POST":
            return int(self.revision.sequence)
        return int(sent) if sent.isdecimal() and len(sent) < 10 else 0

    @property
    def may_take_back(self) -> bool:
        """Whether the reader may take it out of review or withdraw it: a writer, or who answers for rates."""
        return self.wrote or may(self.request, "rates.release_draft")

    @cached_property
    def returned(self) -> Any:
        """The deed that sent it back last, if it was not submitted again since."""
        subject = f"ratedraft:{self.draft.pk}"
        sent_back, submitted = deed_of("rates.return_draft", subject), deed_of("rates.submit_draft", subject)
        again = sent_back is None or (submitted is not None and submitted.pk > sent_back.pk)
        return None if again or self.draft.status != "draft" else sent_back

    @cached_property
    def obstacles(self) -> list[str]:
        """What else keeps it from being released, in sentences; nothing once it is decided."""
        if self.draft.status not in ("draft", "submitted"):
            return []
        return obstacles_of(self.tariff, self.draft.code)

    @cached_property
    def groups(self) -> list[NumberGroup]:
        """The numbers of its last version."""
        tariff, body = self.tariff, self.revision.body
        if tariff is None:
            return []

        def read() -> list[NumberGroup]:
            return number_groups(body, tariff, language=bilingual(), translate=gettext)

        return attempt(read, lambda _problems: [], file=self.file)

    @cached_property
    def golden(self) -> list[GoldenResult]:
        """Its golden bills, run just now."""
        tariff, cases = self.tariff, self.revision.cases
        if tariff is None or self.checked.case_problems or not cases.strip():
            return []
        return attempt(
            lambda: golden_bills(tariff, cases, language=bilingual()), lambda _problems: [], file="golden bills"
        )

    @cached_property
    def differences(self) -> tuple[Difference, ...]:
        """What its last version changes against the newest released one, and what the schedule says of itself anew."""
        before = self.before
        if before is None:
            return ()
        nothing: tuple[Difference, ...] = ()
        body = self.revision.body

        def read() -> tuple[Difference, ...]:
            own = document_differences(before.body, body).changes
            step = Step(N_("These words have changed; values that differ: {count}"), {"count": len(own)})
            schedule = Difference(SCHEDULE, {}, "changed", step, own)
            return ((schedule,) if own else ()) + differences(before.body, body)

        return attempt(read, lambda _problems: nothing, file=self.file)

    def tabs(self, current: str) -> list[Tab]:
        """The pages of this draft."""
        return [Tab(name, title, reverse(name, args=[self.draft.pk]), name == current) for name, title in TABS]


def obstacles_of(tariff: Tariff | None, code: str) -> list[str]:
    """What keeps a tariff from being the next release of a schedule, in sentences."""
    return [] if tariff is None else [in_words(each) for each in obstacles(tariff, code=code, chart=chart_codes())]


def desk(request: HttpRequest, draft_id: int) -> Desk:
    """The draft asked for; raises ``Http404``."""
    draft = draft_screens.find_draft(draft_id)
    if draft is None:
        raise Http404(str(draft_id))
    return Desk(request, draft, newest_revision(draft))


def shown(found: Desk, tab: str, **more: object) -> dict[str, object]:
    """Template context of one page of a draft."""
    version = found.tariff.versions[-1] if found.tariff is not None else None
    return {
        "desk": found, "draft": found.draft, "revision": found.revision, "tabs": found.tabs(tab), "version": version,
        "title": found.draft.title, "language": bilingual(), "seen": found.seen, "obstacles": found.obstacles, **more,
    }  # fmt: skip
