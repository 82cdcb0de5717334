"""The acts on a reset: what each page says before, what it does, and what is said when it is done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.records.platform.deeds import Act
from meterbook.records.programs.winter_average.operations.reset import (
    apply_winter_reset,
    draw_winter_reset,
    request_winter_reset,
)
from meterbook.web.kit.access import may
from meterbook.web.kit.forms import ReasonForm


@dataclass(frozen=True, slots=True)
class ResetAct:
    """One act on a reset: its words, its form, the deed, and what is said when it is done."""

    kind: str
    title: str | Promise
    button: str | Promise
    lead: str | Promise
    done: str | Promise
    form: type[forms.Form]
    do: Callable[[Act, Any], Any]
    dangerous: bool = False


ACTS = {
    "redraw": ResetAct(
        kind="programs.draw_winter_reset", title=_("Draw the averages again"), button=_("Draw again"),
        lead=_("Reads that came or were decided since are taken in. What was set by hand stays."),
        done=_("The averages are drawn anew."), form=forms.Form,
        do=lambda act, reset: draw_winter_reset(act, effective=reset.effective),
    ),
    "request": ResetAct(
        kind="programs.request_winter_reset", title=_("Ask for agreement"), button=_("Ask"),
        lead=_("A supervisor sees what the averages come to, and agrees or refuses."),
        done=_("A supervisor has been asked."), form=ReasonForm,
        do=lambda act, reset: request_winter_reset(act, reset=reset),
    ),
    "apply": ResetAct(
        kind="programs.apply_winter_reset", title=_("Put the averages in force"), button=_("Put in force"),
        lead=_("From its first day every point is billed by its new quantity. Bills already posted do not change."),
        done=_("The averages are in force."), form=forms.Form,
        do=lambda act, reset: apply_winter_reset(act, reset=reset), dangerous=True,
    ),
}  # fmt: skip


def acts_of(request: HttpRequest, reset: Any) -> list[tuple[str, ResetAct, bool]]:
    """What the signed-in person may do with a reset now; the main act is marked."""
    if reset.state != "draft":
        return []
    status = reset.approval.status if reset.approval else ""
    main = "apply" if status == "approved" else "" if status == "pending" else "request"
    names = [name for name in (main, "redraw") if name]
    return [(name, ACTS[name], name == main) for name in names if may(request, ACTS[name].kind)]
