"""From a summary on record to a document, in the payer's language."""

from __future__ import annotations

from meterbook.notices.bill import figures
from meterbook.notices.bill.document import last_day
from meterbook.notices.bill.present import plain
from meterbook.notices.summary.document import Row, SummaryDocument
from meterbook.notices.summary.words import words
from meterbook.records.billing.kinds import screens
from meterbook.records.billing.kinds.screens import Listed
from meterbook.records.platform import queries


class NoSuchSummary(LookupError):
    """A summary was asked for that is not on record."""


class DoesNotAdd(ValueError):
    """The bills on a summary do not add up to what it says; it is not printed."""


def summary_document(summary_id: int, language: str | None = None) -> SummaryDocument:
    """A summary in ``language`` or its payer's. Raises `NoSuchSummary` and `DoesNotAdd`."""
    found = screens.summary(summary_id)
    if found is None:
        raise NoSuchSummary(f"no summary with id {summary_id}")
    listed, payer, utility = screens.listed(found), screens.payer(found.group, found.bill_date), queries.utility()
    current, due = sum(one.current_cents for one in listed), sum(one.due_cents for one in listed)
    if (current, due) != (found.current_cents, found.due_cents):
        raise DoesNotAdd(f"summary {found.number}: its bills make {current} and {due} cents")
    said = language or payer.language
    w, day = words(said), found.bill_date
    before = sum(one.before_cents for one in listed)
    owes = found.due_cents > 0
    return SummaryDocument(
        language=said, heading=w["title"], title=f"{w['title']} {found.number}", utility=utility.name,
        department=utility.department,
        sender=[plain(line) for line in utility.address_lines], remit=[plain(line) for line in utility.remit_lines],
        to=[plain(payer.name), *(plain(line) for line in payer.lines)],
        facts=[
            (w["number"], found.number), (w["group"], plain(found.group.name)), (w["count"], str(len(listed))),
            (w["bill_date"], figures.day(day, said)),
        ],
        due_head=w["amount_due"], due=figures.money(found.due_cents),
        due_by=w["due_by"].format(day=figures.long_day(found.due_date, said)) if owes else w["nothing_due"],
        lead=w["lead"], heads=[w[name] for name in ("account", "address", "services", "before", "current", "due")],
        rows=[_row(one, said) for one in listed],
        totals=(w["total"], figures.money(before), figures.money(current), figures.money(due)),
        notes=[w["remit"].format(name=utility.remit_lines[0] if utility.remit_lines else utility.name,
                                 number=found.number), *_older(listed, w["older"])],
        questions=w["questions"].format(phone=utility.phone, email=utility.email, website=utility.website),
        page=w["page"], date=(day.year, day.month, day.day),
    )  # fmt: skip


def _older(listed: list[Listed], words_of_it: str) -> list[str]:
    accounts = [one.account_number for one in listed]
    return [words_of_it] if len(set(accounts)) < len(accounts) else []


def _row(one: Listed, language: str) -> Row:
    w = words(language)
    return Row(
        account=one.account_number, bill=one.bill_number, holder=plain(one.holder), address=plain(one.address),
        services=", ".join(w[service] for service in one.services),
        days=figures.span(one.starts, last_day(one.ends), language),
        before=figures.money(one.before_cents), current=figures.money(one.current_cents),
        due=figures.money(one.due_cents),
    )  # fmt: skip
