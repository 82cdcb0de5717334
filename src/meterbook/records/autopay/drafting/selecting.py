"""Selecting drafts: bills whose draft day has come, each once, held where the breaker says so; and again what waits."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

import polars as pl

from meterbook.engine.autopay.amounts import draft_day
from meterbook.engine.autopay.banking_days import add_banking_days
from meterbook.engine.autopay.breaker import Reason, reasons
from meterbook.engine.autopay.rules import AutopayRules
from meterbook.records.autopay.drafting.candidates import Standing, facts, standings
from meterbook.records.autopay.models import OPEN, Draft, DraftRun, Enrolment
from meterbook.records.platform.copying import copy_in, id_sequence, take_ids
from meterbook.records.platform.models import Deed


@dataclass(frozen=True, slots=True)
class Selected:
    """How many drafts a selection added: free to go, held by the breaker; bills whose draft day was missed."""

    free: int
    held: int
    missed: int


def earliest(today: date, rules: AutopayRules) -> date:
    """The first day a file that leaves today can settle."""
    return add_banking_days(today, max(1, rules.lead_days))


def select_into(deed: Deed, run: DraftRun, rules: AutopayRules) -> Selected:
    """Add to a run every draft that is due through its last day; what a draft was made for before is left alone."""
    _again(run, rules)
    enrolments = {one.account_id: one for one in _drawn_on(run)}
    found, missed = [], 0
    drawn = set(Draft.objects.filter(account__in=enrolments).exclude(state="dropped").values_list("bill_id", flat=True))
    for one in standings(enrolments).values():
        if one.bill in drawn or one.cents <= 0 or (rules.final == "none" and (one.final or one.closed_on)):
            continue
        day = _settles(one, enrolments[one.account], run, rules)
        if day is None:
            missed += 1
        elif day <= run.through:
            found.append((one, day))
    limits = {account: one.limit_cents for account, one in enrolments.items()}
    known = facts([one for one, _ in found], limits, rules.breaker, today=run.selected_on) if found else {}
    rows = [(one, enrolments[one.account], day, reasons(known[one.account], rules.breaker)) for one, day in found]
    _store(deed, run, rows)
    held = sum(bool(why) for *_, why in rows)
    return Selected(len(rows) - held, held, missed)


def _drawn_on(run: DraftRun) -> list[Enrolment]:
    """Active enrolments whose account has no draft on its way."""
    busy = Draft.objects.filter(state__in=OPEN).values("account_id")
    rows = Enrolment.objects.filter(state=Enrolment.ACTIVE, drafts_from__lte=run.through).exclude(account__in=busy)
    return list(rows.exclude(validation="needed").order_by("account_id"))


def _settles(one: Standing, enrolment: Enrolment, run: DraftRun, rules: AutopayRules) -> date | None:
    """The day a bill's draft settles; None where its day passed too long ago."""
    wanted = draft_day(one.due_date, enrolment.day, moves=rules.moves)
    assert enrolment.drafts_from is not None
    possible = max(wanted, earliest(run.selected_on, rules), enrolment.drafts_from)
    return possible if (possible - wanted).days <= rules.late_days else None


def _store(deed: Deed, run: DraftRun, rows: list[tuple[Standing, Enrolment, date, list[Reason]]]) -> None:
    if not rows:
        return
    first = take_ids(id_sequence("autopay_draft"), len(rows))
    frame = pl.DataFrame(
        [
            (first + at, run.pk, enrolment.pk, one.account, one.bill, 1, one.cents, one.asked.asked_cents, day,
             "held" if why else "selected", said(why), "", deed.pk)
            for at, (one, enrolment, day, why) in enumerate(rows)
        ],
        schema={
            "id": pl.Int64, "run_id": pl.Int64, "enrolment_id": pl.Int64, "account_id": pl.Int64, "bill_id": pl.Int64,
            "presentment": pl.Int64, "amount_cents": pl.Int64, "asked_cents": pl.Int64, "settle_on": pl.Date,
            "state": pl.String, "reasons": pl.String, "dropped_for": pl.String, "deed_id": pl.Int64,
        },
        orient="row",
    )  # fmt: skip
    copy_in("autopay_draft", frame)


def said(why: list[Reason]) -> str:
    """Reasons as they are kept: code, message and values."""
    kept = [{"code": one.code, "message": one.says.message, "values": one.says.values} for one in why]
    return json.dumps(kept, ensure_ascii=False, default=str)


def _again(run: DraftRun, rules: AutopayRules) -> None:
    """Take waiting drafts whose day has come into the run: the same amount as first presented, or not at all."""
    waiting = list(
        Draft.objects.select_for_update(of=("self",)).select_related("enrolment")
        .filter(state="waiting", settle_on__lte=run.through).order_by("pk")
    )  # fmt: skip
    now = standings({one.account_id for one in waiting})
    known = facts(list(now.values()), {}, rules.breaker, today=run.selected_on) if now else {}
    for one in waiting:
        stands = now[one.account_id]
        if one.enrolment.state != Enrolment.ACTIVE or stands.asked.owed_cents < one.amount_cents:
            one.state = "dropped"
            one.dropped_for = _why_dropped(one, stands)
        else:
            why = [each for each in reasons(known[one.account_id], rules.breaker) if each.code in _COUNTS_AGAIN]
            one.state, one.reasons = ("held" if why else "selected"), json.loads(said(why))
            one.settle_on = max(one.settle_on, earliest(run.selected_on, rules))
        one.run = run
        one.save(update_fields=["state", "dropped_for", "reasons", "settle_on", "run"])


def _why_dropped(one: Draft, stands: Standing) -> str:
    if one.enrolment.state != Enrolment.ACTIVE:
        return "stopped"
    return "disputed" if stands.asked.owed_cents + stands.disputed_cents >= one.amount_cents else "paid"


#: Of the breaker's reasons, those that hold a draft presented again: its amount was looked at before.
_COUNTS_AGAIN = frozenset({"closed", "held", "disputed", "corrected", "protected", "banned"})
