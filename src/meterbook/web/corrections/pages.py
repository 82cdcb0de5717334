"""What the pages of corrections show: a case with its diff, and a new case from wherever it was asked for."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from meterbook.records.corrections import screens
from meterbook.records.corrections.choosing import chosen, crossed_points
from meterbook.records.corrections.diff import Difference, Reason, differences
from meterbook.records.corrections.operations.open_case import open_case
from meterbook.records.corrections.settings import back_billing
from meterbook.records.platform.operations.attach_file import attach_file
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.web.corrections.acts import ACTS
from meterbook.web.kit import words
from meterbook.web.kit.access import act, may
from meterbook.web.kit.cells import Row
from meterbook.web.kit.language import bilingual

#: Segments shown line by line on the case's page; the table of items has all.
SHOWN = 60
#: The act a case waits for, by its state.
NEXT = {"draft": "calculate", "calculated": "request", "requested": "approve", "approved": "post"}
WHERE = ("bill", "run", "account", "segment")


def cause_title(code: str) -> str:
    """A cause in the reader's language, by the policy of today; its code where the policy no longer knows it."""
    try:
        found = back_billing(business_date()).cause(code)
    except NoPolicy:
        found = None
    return found.title[bilingual()] if found else code.replace("_", " ")


def with_causes(rows: list[Row]) -> None:
    """Name the causes of a page of cases."""
    for row in rows:
        row["cause_title"] = cause_title(row["cause"])


def case_context(request: HttpRequest, case: Any) -> dict[str, Any]:
    """Everything the page of a case shows."""
    found = screens.items(case.pk)
    told = differences(case, list(found[:SHOWN]))
    return {
        "case": case, "title": case.number, "cause": cause_title(case.cause), "totals": screens.totals(case),
        "steps": steps(request, case),
        "shown": [_shown(each) for each in told if each.item.outcome not in ("unchanged", "outside")],
        "outside": [_shown(each) for each in told if each.item.outcome == "outside"], "rules": _rules(told),
        "unchanged": sum(1 for each in told if each.item.outcome == "unchanged"),
        "count": found.count(), "more": max(found.count() - SHOWN, 0), "effects": screens.effects(case),
        "decided": screens.decided(case.pk), "crossed": screens.crossed(case.pk),
        "evidence": screens.evidence(case.pk), "net": net(case),
    }  # fmt: skip


def _rules(told: list[Difference]) -> list[tuple[bool, str, date | None]]:
    """The limits that keep periods out: whether a charge is kept out, the rule, the first day within it."""
    found = {
        (each.difference_cents > 0, str(each.item.detail.get("citation", "")), each.item.detail.get("since"))
        for each in told if each.item.outcome == "outside"
    }  # fmt: skip
    return [
        (charge, rule, date.fromisoformat(since) if since else None) for charge, rule, since in sorted(found, key=str)
    ]


def net(case: Any) -> int:
    """What posting moves in all, credits against charges, in cents."""
    totals = screens.totals(case)
    return totals["charged_cents"] + totals["credited_cents"]


def steps(request: HttpRequest, case: Any) -> list[tuple[str, Any, bool]]:
    """The acts there are now for whoever asks: name, act, whether it is the main one."""
    found = [(name, each) for name, each in ACTS.items() if case.state in each.states and may(request, each.kind)]
    asked = case.run.approval if case.run is not None else None
    mine = asked is not None and asked.requested_by_id == request.user.pk
    found = [(name, each) for name, each in found if not (mine and name in ("approve", "refuse"))]
    return [(name, each, name == NEXT.get(case.state)) for name, each in found]


def _shown(found: Difference) -> dict[str, Any]:
    language = bilingual()
    return {
        "found": found, "item": found.item,
        "changes": [(change.label.get(language) or change.label["en"], change) for change in found.changes],
        "reasons": [_reason(each) for each in found.reasons],
        "since": date.fromisoformat(str(since)) if (since := found.item.detail.get("since")) else None,
        "why_held": words.say("hold_reason", str(found.item.detail.get("reason", ""))),
    }  # fmt: skip


def _reason(reason: Reason) -> tuple[str, str, str]:
    """What is different, in words, and how it was and becomes."""
    titles = {"schedule": gettext("Schedule"), "version": gettext("Tariff version"), "decided": gettext("Decided")}
    titles["usage"] = gettext("Usage")
    return titles.get(reason.what) or words.say("determinant", reason.what), reason.was, reason.becomes


def asked_for(request: HttpRequest) -> dict[str, list[str]]:
    """What the address wants corrected: bills, a run, an account, segments of the worklist."""
    found = {name: request.GET.getlist(name) or request.POST.getlist(name) for name in WHERE}
    return {name: [each.replace("\0", "")[:40] for each in values] for name, values in found.items() if values}


def opened_from(request: HttpRequest, given: dict[str, Any]) -> Any:
    """Open the case the form and the address ask for, and keep its evidence."""
    where = asked_for(request)
    deed = act(request, given["reason"])
    crossed = crossed_points([(given["point"].strip(), given["crossed"].strip())] if given["crossed"] else [])
    pairs = [each.partition("-") for each in where.get("segment", ())]
    scope, standing = chosen(
        bills=where.get("bill", ()), run=where.get("run", [""])[0], accounts=where.get("account", ()),
        point=given["point"].strip(), since=given["since"], until=given["until"], crossed=crossed,
        segments=[(int(run), int(segment)) for run, _, segment in pairs if run.isdecimal() and segment.isdecimal()],
    )  # fmt: skip
    case = open_case(
        deed, standing=standing, cause=given["cause"], scope=scope, discovered_on=given["discovered_on"],
        rebill=given["rebill"] == "yes", crossed=crossed,
    )  # fmt: skip
    if file := given["evidence"]:
        attach_file(
            deed, subject=f"correctioncase:{case.pk}", file_name=file.name,
            content_type=file.content_type or "application/octet-stream", content=file.read(),
        )  # fmt: skip
    return case
