"""A bill run's life as the run page tells it: what happened, since when, by whom, and what comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from meterbook.records.billing import screens
from meterbook.records.platform import screens as platform
from meterbook.web.kit.access import may


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage: done, the one that is next, or still to come."""

    title: str | Promise
    state: str
    on: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """Something the signed-in person may do with the run now."""

    action: str
    title: str | Promise
    main: bool = True


def started(run_id: int) -> bool:
    """Whether the calculation of a run was begun."""
    return platform.deed_of("billing.start_calculation", f"billrun:{run_id}") is not None


def stages(run: Any) -> list[Stage]:
    """Plan, calculate, approve, post: four stages, or three and an end."""
    approved = run.approval if run.approval and run.approval.status == "approved" else None
    decided = platform.deed_of("platform.decide_approval", f"approval:{approved.pk}") if approved else None
    found = [
        _stage(pgettext_lazy("stage", "Plan"), run.planned_by),
        _stage(pgettext_lazy("stage", "Calculate"), run.calculated_by),
        _stage(pgettext_lazy("stage", "Approve"), decided),
        _stage(pgettext_lazy("stage", "Post"), run.posted_by),
    ]
    if run.status == "cancelled":
        kept = [stage for stage in found if stage.state == "done"]
        return [*kept, _stage(pgettext_lazy("stage", "Cancelled"), run.cancelled_by)]
    for at, stage in enumerate(found):
        if stage.state == "later":
            found[at] = Stage(stage.title, "next")
            break
    return found


def _stage(title: str | Promise, deed: Any) -> Stage:
    return Stage(title, "done", deed.business_date, str(deed.actor)) if deed else Stage(title, "later")


def steps(request: HttpRequest, run: Any) -> list[Step]:
    """What the signed-in person may do now; the main step first."""
    return [step for step, kind in _possible(run) if may(request, kind)]


def _possible(run: Any) -> list[tuple[Step, str]]:
    if run.kind == "correction":
        return []  # its case is where it is calculated, decided and posted
    cancel = (Step("cancel", _("Cancel run"), main=False), "billing.cancel_run")
    if run.status == "planned":
        begun = started(run.pk)
        return [cancel] if begun else [(Step("calculate", _("Calculate")), "billing.start_calculation"), cancel]
    if run.status == "calculated":
        status = run.approval.status if run.approval else ""
        if status == "approved":
            return [(Step("post", _("Post run")), "billing.post_run"), cancel]
        if status == "pending":
            return [cancel]
        return [(Step("request", _("Ask for approval")), "billing.request_posting"), cancel]
    return []


def run_context(request: HttpRequest, run: Any) -> dict[str, object]:
    """Everything the run page shows."""
    counts = screens.completeness(run.pk)
    outcomes: dict[str, int] = {}
    for row in counts:
        outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + row["points"]
    progress = screens.progress(run.pk)
    reasons = screens.hold_reasons(run.pk)
    return {
        "run": run,
        "may_correct": run.status == "posted" and may(request, "corrections.open_case"),
        "title": run.number,
        "stages": stages(run),
        "steps": steps(request, run),
        "progress": progress,
        "calculating": run.status == "planned" and started(run.pk),
        "totals": screens.totals(run.pk),
        "services": screens.revenue_by_service(run.pk, posted=run.status == "posted"),
        "reasons": reasons,
        "held": sum(row["count"] for row in reasons),
        "counts": counts,
        "outcomes": [(outcome, outcomes.get(outcome, 0)) for outcome in ("billed", "held", "not_due", "inactive")],
        "points": sum(outcomes.values()),
    }
