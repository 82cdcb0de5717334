"""Everything the control panel of a run shows, by stage; dear figures only where their stage asks for them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from meterbook.records.billing import screens
from meterbook.records.billing.stages.log import log_of
from meterbook.records.billing.stages.pace import Pace
from meterbook.web.billing.panel.figures import (
    Ready,
    kept_open_by,
    mail_of,
    ready_now,
    ready_then,
    run_reports,
)
from meterbook.web.kit.access import may


def panel(request: HttpRequest, run: Any, stands: Pace) -> dict[str, object]:
    """Readiness and log always; reports, mail and what keeps the run open once it is posted."""
    log = log_of(run)
    found: dict[str, object] = {
        "log": list(reversed(log)),
        "pace": stands,
        "ready": _ready(run, stands, log),
        "progress": screens.progress(run.pk),
        "closing": screens.closing_of(run.pk),
    }
    if run.status == "posted":
        found["reports"] = run_reports(run)
        found["mail"] = mail_of(run)
        found["open_reasons"] = [] if found["closing"] else kept_open_by(run)
        found["may_restart"] = may(request, "billing.restart_print")
    return found


def _ready(run: Any, stands: Pace, log: Any) -> Ready | None:
    if run.status == "planned" and stands.state == "idle":
        return ready_now(run)
    return ready_then(run, log)
