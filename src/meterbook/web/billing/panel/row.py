"""The stages of a run in a row, and what the signed-in person may do now, the main thing first."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.records.billing.stages.pace import Pace
from meterbook.records.platform import screens as platform
from meterbook.web.kit.access import may


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: done, the one that is next, or still to come; ``href`` where it is looked at."""

    title: str | Promise
    state: str
    on: date | None = None
    by: str = ""
    href: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something the signed-in person may do with the run now."""

    action: str
    title: str | Promise
    main: bool = True


def stages(run: Any, found: dict[str, Any]) -> list[Stage]:
    """The stages from plan to close; of a cancelled run those it got to, and the end."""
    subject = f"billrun:{run.pk}"
    approved = run.approval if run.approval and run.approval.status == "approved" else None
    begun = run.status != "planned" or found["pace"].state != "idle"
    mail, closing = found.get("mail"), found["closing"]
    made = [
        _stage(pgettext_lazy("stage", "Plan"), run.planned_by),
        _stage(pgettext_lazy("stage", "Readiness"), begun and platform.deed_of("billing.start_calculation", subject),
               "#readiness"),
        _stage(pgettext_lazy("stage", "Calculate"), run.calculated_by),
        _stage(pgettext_lazy("stage", "Register"),
               run.approval and platform.deed_of("billing.request_posting", subject), _register(run)),
        _stage(pgettext_lazy("stage", "Approve"),
               approved and platform.deed_of("platform.decide_approval", f"approval:{approved.pk}")),
        _stage(pgettext_lazy("stage", "Post"), run.posted_by),
        _stage(pgettext_lazy("stage", "Print"), mail and mail.whole and mail.begun
               and platform.deed_of("billing.hand_off", subject), "#mail" if mail else ""),
        _stage(pgettext_lazy("stage", "Close"), closing and closing.deed),
    ]  # fmt: skip
    if run.status == "cancelled":
        kept = [stage for stage in made if stage.state == "done"]
        return [*kept, _stage(pgettext_lazy("stage", "Cancelled"), run.cancelled_by)]
    for at, stage in enumerate(made):
        if stage.state == "later":
            made[at] = Stage(stage.title, "next", href=stage.href)
            break
    return made


def _stage(title: str | Promise, deed: Any, href: str = "") -> Stage:
    return Stage(title, "done", deed.business_date, str(deed.actor), href) if deed else Stage(title, "later", href=href)


def _register(run: Any) -> str:
    """The stage `prebill_register`: a calculated run's bills looked at before anybody approves them."""
    return reverse("run_register", args=[run.pk]) if run.status in ("calculated", "posted") else ""


def steps(request: HttpRequest, run: Any, found: dict[str, Any]) -> list[Step]:
    """What the signed-in person may do now; the main step first."""
    return [step for step, kind in possible(run, found) if may(request, kind)]


def possible(run: Any, found: dict[str, Any]) -> list[tuple[Step, str]]:
    """What can be done with a run where it stands, each with the operation it takes."""
    if run.kind == "correction" and run.status != "posted":
        return []  # its case is where it is calculated, decided and posted
    if run.status == "posted":
        return _after_posting(run, found)
    cancel = (Step("cancel", _("Cancel run"), main=False), "billing.cancel_run")
    again = (Step("recalculate", _("Do it again"), main=False), "billing.recalculate_run")
    if run.status == "planned":
        return [*_calculating(found["pace"]), *([again] if found["pace"].state != "idle" else []), cancel]
    if run.status == "calculated":
        status = run.approval.status if run.approval else ""
        if status == "approved":
            return [(Step("post", _("Post run")), "billing.post_run"), again, cancel]
        if status == "pending":
            return [again, cancel]
        return [(Step("request", _("Ask for approval")), "billing.request_posting"), again, cancel]
    return []


def _calculating(pace: Pace) -> list[tuple[Step, str]]:
    if pace.state == "idle":
        return [(Step("calculate", _("Calculate")), "billing.start_calculation")]
    if pace.state == "paused":
        return [(Step("resume", _("Go on")), "billing.resume_run")]
    pause = (Step("pause", _("Pause"), main=not pace.stuck), "billing.pause_run")
    return [(Step("restart", _("Start again")), "billing.restart_run"), pause] if pace.stuck else [pause]


def _after_posting(run: Any, found: dict[str, Any]) -> list[tuple[Step, str]]:
    if found["closing"]:
        return [(Step("reprint", _("Print again from a piece"), main=False), "billing.restart_print")]
    made: list[tuple[Step, str]] = []
    if not all(each.kept for each in found["reports"]):
        made.append((Step("reports", _("Keep the reports"), main=not made), "billing.keep_reports"))
    if not found["mail"].whole or not found["mail"].begun:
        made.append((Step("handoff", _("Hand to the printer"), main=not made), "billing.hand_off"))
    if not found["open_reasons"]:
        made.append((Step("close", _("Close run")), "billing.close_run"))
    if found["mail"].begun:
        made.append((Step("reprint", _("Print again from a piece"), main=False), "billing.restart_print"))
    return made
