"""What the month-end pages show, in the reader's language."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.ledger.closing.month_end import LINES
from meterbook.engine.trace import Step
from meterbook.records.closing import checklist as checklists
from meterbook.records.closing import screens
from meterbook.records.closing.checks import Found
from meterbook.records.closing.figures import reconcile
from meterbook.records.closing.figures.roll_forward import Rolled, roll_forward, total
from meterbook.records.closing.figures.waiting import deposits_rolled
from meterbook.records.closing.months import NoSuchMonth, Span, period_of, span_of, span_of_period
from meterbook.records.closing.settings import month_end_on
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import TITLES
from meterbook.web.kit.access import may
from meterbook.web.kit.language import bilingual

#: Words and marks of a month's state and of an item's.
STATES = {
    "open": (_("Open"), "off"), "asked": (_("Waits for a second person"), "waiting"), "locked": (_("Locked"), "good"),
    "written": (_("Locked, journal handed over"), "good"), "refused": (_("Locked, journal refused"), "stop"),
    "accepted": (_("Locked, journal accepted"), "good"),
}  # fmt: skip
ITEM_STATES = {
    "met": (_("Met"), "good"), "exception": (_("Exception signed"), "waiting"), "signed": (_("Signed"), "good"),
    "open": (_("To do"), "stop"),
}  # fmt: skip
LINE_WORDS = {
    "opening": _("Owed at the start"), "bills": _("Bills"), "fees": _("Fees"), "adjustments": _("Adjustments"),
    "payments": _("Payments"), "returns": _("Payments returned"), "deposits": _("Deposits applied"),
    "refunds": _("Refunds"), "write_offs": _("Written off"), "moved": _("Payments used for services"),
    "closing": _("Owed at the end"),
}  # fmt: skip


def span_or_404(label: str) -> Span:
    """The months asked for, or the page that says there are none."""
    try:
        return span_of(label)
    except (NoSuchMonth, NoPolicy):
        raise Http404(label) from None


def month_or_404(label: str) -> screens.Month:
    """One month, or the page that says there is none."""
    try:
        return screens.month_of(period_of(label))
    except NoSuchMonth:
        raise Http404(label) from None


@dataclass(frozen=True, slots=True)
class Listed:
    """One month in the list."""

    code: str
    words: Any
    mark: str
    month: screens.Month


def listed() -> list[Listed]:
    """Every month of the books with where it stands."""
    rows = screens.months()
    return [Listed(one.period.code, *STATES[one.state], one) for one in rows]


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a check found: the sentence, cents, and the page it is put right on."""

    words: str
    cents: int
    href: str


def said(found: Found, month: str) -> Said:
    """A finding in the reader's language."""
    return Said(found.step.words(gettext), found.cents, _href(found, month))


def _href(found: Found, month: str) -> str:
    if not found.page:
        return ""
    own = [month] if found.page.startswith("closing_") and found.page != "closing_month" else []
    try:
        return reverse(found.page, args=[*own, *([found.key] if found.key else [])])
    except NoReverseMatch:
        return ""


def items(request: HttpRequest, one: screens.Month, only: str = "") -> tuple[list[dict[str, Any]], bool]:
    """The checklist as the page shows it, and whether nothing is open."""
    language = bilingual()
    rows = checklists.checklist(one.period, only)
    is_open = one.period.closed_at is None
    shown = [
        {
            "code": row.item.code, "title": row.item.title[language], "says": row.item.says[language],
            "owner": TITLES[row.item.owner], "words": ITEM_STATES[row.state][0], "mark": ITEM_STATES[row.state][1],
            "found": [said(each, one.period.code) for each in row.found], "cents": row.cents, "stale": row.stale,
            "signature": row.signature, "computed": row.item.computed,
            "may_sign": is_open and row.state == checklists.OPEN and row.item.code not in checklists.STRICT
            and may(request, "closing.sign_item"),
            "may_take_back": is_open and row.signature is not None and may(request, "closing.take_signature_back"),
        }
        for row in rows
    ]  # fmt: skip
    return shown, checklists.ready(rows)


def month_context(request: HttpRequest, one: screens.Month) -> dict[str, Any]:
    """The month's page."""
    period, span = one.period, span_of_period(one.period)
    try:
        policy = month_end_on(span.ends)
    except NoPolicy:
        return {"one": one, "code": period.code, "no_policy": True, "words": STATES[one.state][0], "mark": "off"}
    rows, ready = items(request, one)
    rolled = roll_forward(span, policy)
    over = business_date() >= span.ends
    return {
        "one": one, "code": period.code, "span": span, "items": rows, "ready": ready, "over": over,
        "words": STATES[one.state][0], "mark": STATES[one.state][1], "rolled": rolled_table(span, rolled),
        "total": total(rolled), "aged": reconcile.aged(span), "tied": tied(span, rolled),
        "deposits": deposits_rolled(span), "citation": policy.citation,
        "may_ask": one.state == "open" and ready and over and may(request, "closing.propose_lock"),
        "year": f"FY{policy.fiscal_year(span.starts)[1].year}" if policy.fiscal_year(span.starts)[1].month > 1
        else f"FY{policy.fiscal_year(span.starts)[0].year}",
    }  # fmt: skip


def tied(span: Span, rolled: list[Rolled]) -> bool:
    """Whether aging adds up to what the roll-forward closes with."""
    return sum(row.total for row in reconcile.aged(span)) == total(rolled).closing


def rolled_table(span: Span, rolled: list[Rolled]) -> dict[str, Any]:
    """The roll-forward with services across and its lines down, each figure with its address."""
    columns = [*rolled, total(rolled)]

    def cell(row: Rolled, line: str) -> dict[str, Any]:
        cents = row.lines[line] if line in LINES else getattr(row, line)
        return {"cents": cents, "href": reverse("closing_figure", args=[span.label, row.chart or "all", line])}

    cells = {line: [cell(row, line) for row in columns] for line in ("opening", *LINES, "closing")}
    used = [
        {"words": LINE_WORDS[line], "line": line, "cells": each}
        for line, each in cells.items()
        if line in ("opening", "closing") or any(one["cents"] for one in each)
    ]
    return {"rows": rolled, "lines": used}


def step_words(message: str, values: dict[str, Any]) -> str:
    """A kept sentence in the reader's language."""
    return Step(message, values).words(gettext)
