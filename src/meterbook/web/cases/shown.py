"""What the page of one case shows, in the reader's language."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from meterbook.engine.cases.load import priced
from meterbook.engine.trace import Step, Value
from meterbook.records.cases import screens
from meterbook.records.platform.queries import business_date
from meterbook.records.tasks.saying import heard
from meterbook.web.cases.finding import page_of
from meterbook.web.cases.steps import Now, possible
from meterbook.web.kit import figures
from meterbook.web.kit.cells import Row
from meterbook.web.kit.contact import masked_email, masked_phone, sees_contact
from meterbook.web.kit.language import bilingual


def enrich(rows: list[Row]) -> None:
    """What a row of the list needs beyond the query."""
    for row in rows:
        row["words"] = row[f"words_{bilingual()}"]
        place = " ".join(filter(None, (row["street_number"], row["street"])))
        row["who"] = row["name"] or place or row["told_by"]
        row["late"] = row["overdue"]
        row["team_role"] = row["role"]


def case_context(request: HttpRequest, at: Now) -> dict[str, object]:
    """Everything the page of a case shows."""
    case, rules, day = at.case, at.rules, business_date()
    topic = rules.topics(case.kind).get(case.topic) if rules else None
    outcome = rules.outcomes[case.kind].get(case.outcome) if rules and case.outcome else None
    language = bilingual()
    context: dict[str, object] = {
        "item": case, "title": case.words_es if language == "es" else case.words_en, "steps": possible(request, at),
        "late": case.state == "open" and case.answer_by < day, "history": screens.steps(case),
        "team": rules.teams[case.team].words[language] if rules and case.team in rules.teams else case.team,
        "outcome": outcome.words[language] if outcome else case.outcome,
        "links": [(one, page_of(one.kind, one.ref)) for one in screens.links(case)], "files": screens.files(case),
        "referrals": screens.referrals(case), "reach": reach(request, case.reach),
        "office": rules.directory[topic.refer] if rules and topic and topic.refer else None, "language": language,
        "letter": case.state == "closed" and case.account_id is not None and case.kind == "complaint",
    }  # fmt: skip
    if at.dispute is not None:
        ground = rules.disputes.grounds.get(at.dispute.ground) if rules else None
        held = screens.contested(at.dispute.account, day)
        context |= {
            "dispute": at.dispute, "ground": ground[language] if ground else at.dispute.ground,
            "items": screens.named_items(at.dispute), "now_disputed": sum(one.disputed_cents for one in held),
        }  # fmt: skip
    if at.revenue:
        said = rules.protection.evidence if rules else {}
        context |= {
            "revenue": True, "presumption": rules.protection.presumption[language] if rules else "",
            "citation": rules.protection.citation if rules else "",
            "evidence": [(one, said[one.kind][language] if one.kind in said else one.kind)
                         for one in screens.evidence(case)],
            "estimates": [(one, [told(heard(each)) for each in one.steps]) for one in screens.estimates(case)],
            "claims": [claim_shown(one) for one in screens.claims(case)],
        }  # fmt: skip
    return context


def claim_shown(claim: Any) -> dict[str, object]:
    """A claim line by line: what is booked, and what is let go."""
    language = bilingual()
    said = ""
    if claim.estimate is not None and claim.price:
        said = priced(claim.estimate.quantity_e6, Decimal(claim.price), claim.estimate.unit)[1].words(gettext)
    fees = [(one["words"][language], one["cents"]) for one in claim.fees]
    total = claim.back_bill_cents + sum(cents for _, cents in fees)
    return {"item": claim, "fees": fees, "total": total, "said": said}


def told(step: Step) -> str:
    """A sentence with its days as the reader writes them."""
    values: dict[str, Value] = {}
    for name, one in step.values.items():
        values[name] = figures.day(one) if isinstance(one, date) else one
    return Step(step.message, values).words(gettext)


def reach(request: HttpRequest, text: str) -> str:
    """A phone number or an e-mail address as this reader may see it."""
    if sees_contact(request) or not text:
        return text
    return masked_email(text) if "@" in text else masked_phone(text)
