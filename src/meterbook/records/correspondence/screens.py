"""What pages show of letters: templates, versions, letters written, and whom a merge would write to."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import F, Max, OuterRef, QuerySet, Subquery

from meterbook.engine.trace import N_, Step
from meterbook.records.correspondence.models import LetterMerge, LetterTemplate, OfficeLetter, TemplateVersion
from meterbook.records.correspondence.operations.letters import drawn
from meterbook.records.correspondence.refusals import LetterRefused
from meterbook.records.correspondence.values import addressed
from meterbook.records.customers.models import Account
from meterbook.records.platform.happenings import Happening


def templates() -> QuerySet[LetterTemplate, Any]:
    """Every template with its newest version."""
    newest = TemplateVersion.objects.filter(template=OuterRef("pk")).order_by("-sequence")
    return LetterTemplate.objects.annotate(
        sequence=Max("versions__sequence"),
        saved_on=Subquery(newest.values("deed__business_date")[:1]),
        saved_by=Subquery(newest.values("deed__actor__username")[:1]),
    ).values("id", "code", "title_en", "title_es", "in_use", "sequence", "saved_on", "saved_by")


def template(code: str) -> LetterTemplate | None:
    """One template, or nothing."""
    return LetterTemplate.objects.filter(code=code).first()


def versions(template_id: int) -> list[TemplateVersion]:
    """Every version of a template, the newest first."""
    rows = TemplateVersion.objects.filter(template_id=template_id).select_related("deed__actor", "template")
    return list(rows.order_by("-sequence"))


def usable() -> list[TemplateVersion]:
    """The newest version of every template in use, by code."""
    rows = TemplateVersion.objects.filter(template__in_use=True).select_related("template")
    return list(rows.order_by("template__code", "-sequence").distinct("template__code"))


def draft_for(account: Account, version: TemplateVersion, day: date, language: str) -> tuple[str, str]:
    """Subject and text of a template for one account, to be read and changed before it is written."""
    return drawn(version, addressed([account], day, language=language)[0])


def letters(account_id: int | None = None) -> QuerySet[OfficeLetter, Any]:
    """Letters written, to one account or to all."""
    rows = OfficeLetter.objects.all() if account_id is None else OfficeLetter.objects.filter(account_id=account_id)
    return rows.values(
        "id", "subject", "language", "written_on", "merge_id", number=F("account__number"),
        name=F("account__holder__name"), code=F("version__template__code"), by=F("deed__actor__username"),
    )  # fmt: skip


def letter(letter_id: int) -> OfficeLetter | None:
    """One letter with everything around it."""
    rows = OfficeLetter.objects.select_related("account__holder", "version__template", "deed__actor", "merge")
    return rows.filter(pk=letter_id).first()


def merges() -> QuerySet[LetterMerge, Any]:
    """Every merge."""
    return LetterMerge.objects.values(
        "id", "written_on", "letters", code=F("version__template__code"), by=F("deed__actor__username")
    )


def merge(merge_id: int) -> LetterMerge | None:
    """One merge, or nothing."""
    return LetterMerge.objects.select_related("version__template", "deed__actor").filter(pk=merge_id).first()


def letters_of(merge_id: int) -> list[OfficeLetter]:
    """The letters of a merge in account order."""
    rows = OfficeLetter.objects.filter(merge_id=merge_id).select_related("account__holder")
    return list(rows.order_by("account__number"))


def accounts_numbered(lines: Iterable[str]) -> list[Account]:
    """The accounts of a list of numbers, one a line. Raises `LetterRefused` naming the first line that is none."""
    wanted: dict[str, int] = {}
    for at, line in enumerate(lines, start=1):
        if number := line.strip().replace("-", "").replace(" ", ""):
            wanted.setdefault(number, at)
    found = {one.number: one for one in Account.objects.filter(number__in=wanted).select_related("holder")}
    for number, at in wanted.items():
        if number not in found:
            raise LetterRefused(
                Step(N_("Line {line}: found {found}, expected the number of an account."),
                     {"line": at, "found": number[:40]})
            )  # fmt: skip
    return [found[number] for number in wanted]


def accounts_of_cycle(code: str, *, past_due: bool, day: date) -> list[Account]:
    """The open accounts of a cycle (of all where none is named), only those past due where asked."""
    rows = Account.objects.filter(closed_on__isnull=True).select_related("holder").order_by("number")
    rows = rows.filter(cycle__code=code) if code else rows
    if past_due:
        rows = rows.extra(where=[_PAST_DUE], params=[day])
    return list(rows)


_PAST_DUE = """EXISTS (
  SELECT 1 FROM ledger_openitem o WHERE o.account_id = customers_account.id AND o.side = 'charge' AND o.due_on < %s
     AND o.amount_cents > coalesce((SELECT sum(l.amount_cents) FROM ledger_allocation l WHERE l.charge_id = o.id), 0))
"""


def fields_of(found: LetterMerge) -> tuple[list[str], list[list[str]]]:
    """A merge as a table for the print house: heads, and a row for each letter as it was written."""
    lines = 5
    heads = ["account", "language", *(f"address_{at + 1}" for at in range(lines)), "subject", "text"]
    rows = []
    for one in letters_of(found.pk):
        mail = [*one.mail, *[""] * lines][:lines]
        rows.append([one.account.number, one.language, *mail, one.subject, "\n\n".join(one.paragraphs)])
    return heads, rows


def happened(account_id: int, since: date) -> list[Happening]:
    """Letters of an account since a day, for its timeline."""
    rows = OfficeLetter.objects.filter(account_id=account_id, written_on__gte=since).select_related("deed__actor")
    return [
        Happening(
            one.written_on, "letter", Step(N_("Letter: {subject}"), {"subject": one.subject}),
            moment=one.deed.recorded_at, href=("letter", (one.pk,)), by=one.deed.actor.username,
        )
        for one in rows
    ]  # fmt: skip
