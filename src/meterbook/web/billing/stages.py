"""What the run page shows: the control panel's stages and figures, what the run made, what it left out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from meterbook.records.billing import screens
from meterbook.records.billing.stages.pace import pace
from meterbook.web.billing.panel.context import panel
from meterbook.web.billing.panel.row import stages, steps
from meterbook.web.kit.access import may


def run_context(request: HttpRequest, run: Any) -> dict[str, object]:
    """Everything the run page shows."""
    counts = screens.completeness(run.pk)
    outcomes: dict[str, int] = {}
    for row in counts:
        outcomes[row["outcome"]] = outcomes.get(row["outcome"], 0) + row["points"]
    stands = pace(run)
    found = panel(request, run, stands)
    reasons = screens.hold_reasons(run.pk)
    return {
        "run": run,
        "may_correct": run.status == "posted" and may(request, "corrections.open_case"),
        "title": run.number,
        **found,
        "stages": stages(run, found),
        "steps": steps(request, run, found),
        "calculating": stands.state != "idle",
        "totals": screens.totals(run.pk),
        "services": screens.revenue_by_service(run.pk, posted=run.status == "posted"),
        "reasons": reasons,
        "held": sum(row["count"] for row in reasons),
        "counts": counts,
        "outcomes": [(outcome, outcomes.get(outcome, 0)) for outcome in ("billed", "held", "not_due", "inactive")],
        "points": sum(outcomes.values()),
    }
