"""What the forms that take a case do when they are sent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.billing import screens as billing
from meterbook.records.cases import screens
from meterbook.records.cases.operations import dispute, take
from meterbook.records.cases.operations.take import About
from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.platform.queries import business_date
from meterbook.web.kit import figures
from meterbook.web.kit.access import act
from meterbook.web.kit.language import bilingual


class NoSuchAccount(ValueError):
    """No account has the number typed."""

    def __init__(self, number: str) -> None:
        super().__init__(gettext("No account has the number %(number)s.") % {"number": number})


def named(number: str) -> Any:
    """The account typed, or nothing where nothing was typed. Raises `NoSuchAccount`."""
    if not number.strip():
        return None
    found = account_numbered(number.strip())
    if found is None:
        raise NoSuchAccount(number)
    return found


def complained(request: HttpRequest, given: dict[str, Any], account: Any = None) -> str:
    """Take the complaint; the caller is told whom else to ask."""
    about = About(
        account=account or named(given.get("number", "")),
        told_by=given.get("told_by", ""),
        reach=given.get("reach", ""),
    )
    made = take.take_complaint(
        act(request), topic=given["topic"], words=given["words"], about=about, channel=given["channel"]
    )
    _told(request, made)
    return reverse("case", args=[made.pk])


def _told(request: HttpRequest, made: Any) -> None:
    messages.success(request, gettext("Taken as case %(id)s. Answer by %(day)s.") % {
        "id": made.pk, "day": figures.day(made.answer_by)})  # fmt: skip
    rules = screens.rules_on(business_date())
    topic = rules.topics(made.kind).get(made.topic) if rules else None
    if rules and topic and topic.refer:
        office = rules.directory[topic.refer]
        messages.info(request, gettext("Tell the caller: %(office)s, %(phone)s, %(hours)s.") % {
            "office": office.words[bilingual()], "phone": office.phone,
            "hours": office.hours[bilingual()]})  # fmt: skip


def asked(request: HttpRequest, given: dict[str, Any], parent: Any = None) -> str:
    """Ask the department."""
    about = About(account=(parent.account if parent else None) or named(given.get("number", "")))
    made = take.refer(act(request), topic=given["topic"], words=given["words"], about=about, parent=parent)
    _told(request, made)
    return reverse("case", args=[(parent or made).pk])


def suspected(request: HttpRequest, given: dict[str, Any]) -> str:
    """Open the revenue-protection case, from an order or by hand."""
    account, premise, point = named(given.get("number", "")), None, None
    source = ("order", given["order"]) if given.get("order") else None
    if source and (about := screens.order_about(source[1])):
        account, premise, point = account or about[0], about[1], about[2]
    elif given.get("premise"):
        premise = screens.premise(given["premise"])
    made = take.suspect(
        act(request), topic=given["topic"], words=given["words"], source=source,
        about=About(account=account, premise=premise, service_point=point, told_by=given.get("told_by", "")),
    )  # fmt: skip
    _told(request, made)
    return reverse("case", args=[made.pk])


def contested(request: HttpRequest, account: Any, given: dict[str, Any], case: Any = None) -> str:
    """Put charges in dispute."""
    bill = billing.bill(int(given["bill"])) if given["bill"] else None
    made = dispute.contest(
        act(request), account=account, ground=given["ground"], words=given["words"], service=given["service"],
        bill=bill, amount_cents=given["amount"], channel=given["channel"], case=case,
    )  # fmt: skip
    messages.success(request, gettext("%(amount)s is in dispute. From now on nothing is collected of it.") % {
        "amount": figures.money(made.amount_cents)})  # fmt: skip
    return reverse("case", args=[made.case_id])
