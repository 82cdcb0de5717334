"""What the autopay pages show: an enrolment, a run, reasons and answers in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from meterbook.engine.autopay.rules import AutopayRules
from meterbook.records.autopay import screens
from meterbook.records.autopay.settings import rules_on
from meterbook.records.platform.queries import business_date
from meterbook.web.autopay.doing import ACTS, NEEDS
from meterbook.web.kit import words
from meterbook.web.kit.access import may
from meterbook.web.kit.cells import Row


def rules_shown() -> AutopayRules:
    """The policy of today."""
    return rules_on(business_date())[1]


def first_values(account: Any) -> dict[str, Any]:
    """What the form of an authorisation begins with: the holder, today, the holder's language."""
    holder = account.holder
    return {"name": holder.name, "by": holder.name, "on": business_date(), "language": holder.language}


def words_shown() -> dict[str, object]:
    """The words to be agreed to, in both languages."""
    return {"words": {language: rules_shown().words(language) for language in ("en", "es")}}


def in_words(said: Mapping[str, Any]) -> str:
    """A kept sentence in the reader's language."""
    return gettext(said["message"]).format(**said["values"]) if said["message"] else ""


def enrolment_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """One enrolment, and what may be done with it."""
    alive = found.state != "ended"
    offered = [
        (verb, title) for verb, title in ACTS.items()
        if alive and may(request, f"autopay.{verb}") and found.state in NEEDS.get(verb, (found.state,))
        and (verb != "validate" or found.validation == "needed")
    ]  # fmt: skip
    return {
        "enrolment": found, "title": found.account.holder.name, "offered": offered,
        "events": screens.history(found.pk), "evidence": screens.evidence(found.pk),
        "drafts": list(screens.drafts().filter(enrolment_id=found.pk).order_by("-settle_on", "-id")[:24]),
    }  # fmt: skip


def run_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """One run: its sums, what is held, and what this reader may do next."""
    mine = found.approval is not None and found.approval.requested_by_id == request.user.pk
    held = list(screens.drafts().filter(run_id=found.pk, state="held").order_by("account__number")[:100])
    said_why(held)
    verbs = {
        "selected": ["request"], "asked": [] if mine else ["approve", "refuse"], "approved": ["file", "cancel"],
    }.get(found.state, [])  # fmt: skip
    needs = {"request": "request_run", "approve": "decide_run", "refuse": "decide_run", "file": "file_run",
             "cancel": "cancel_run"}  # fmt: skip
    row = screens.runs().get(pk=found.pk)
    return {
        "run": found,
        "row": row,
        "held": held,
        "mine": mine and found.state == "asked",
        "verbs": [verb for verb in verbs if may(request, f"autopay.{needs[verb]}")],
    }


def held_shown(draft: Any) -> list[str]:
    """Why a draft waits, each reason in the reader's language."""
    return [in_words(one) for one in draft.reasons]


def said_why(rows: list[Row]) -> None:
    """Why a draft is held, or stayed behind."""
    for row in rows:
        row["why"] = "; ".join(in_words(one) for one in row["reasons"])
        if row["dropped_for"]:
            row["why"] = words.say("draft_dropped", row["dropped_for"])


def answers_said(rows: list[Row]) -> None:
    """What was done about an answer."""
    for row in rows:
        row["said"] = in_words(row["says"])


def reversal_context(request: HttpRequest, found: Any) -> dict[str, Any]:
    """One reversal, and whether this reader decides it."""
    mine = found.approval is not None and found.approval.requested_by_id == request.user.pk
    waits = found.state == "asked"
    return {
        "reversal": found, "title": gettext("Reversal of entries"), "mine": mine and waits, "count": len(found.entries),
        "may_decide": waits and not mine and may(request, "autopay.decide_reversal"),
    }  # fmt: skip
