"""From a case that was answered to its letter."""

from __future__ import annotations

from datetime import date

from meterbook.notices.case_answer.words import words
from meterbook.notices.letters import Letter, long_day, money, set_letters, to_holder
from meterbook.records.cases.models import Case, Dispute
from meterbook.records.cases.settings import case_rules_on
from meterbook.records.platform.queries import utility


class NoAnswer(LookupError):
    """There is no such case, it is not answered, or it is about no account."""


def answer_letter(case_id: int, *, on: date) -> Letter:
    """The letter of an answered case, in the holder's language, stated on a day. Raises `NoAnswer`, `NoPolicy`."""
    found = Case.objects.select_related("account__holder").filter(pk=case_id, state=Case.CLOSED).first()
    if found is None or found.account is None:
        raise NoAnswer(f"no answered case {case_id} of an account")
    language, house = found.account.holder.language, utility()
    w, (_, rules) = words(language), case_rules_on(found.opened_on)
    outcome = rules.outcomes[found.kind].get(found.outcome)
    opening = [outcome.letter[language]] if outcome and outcome.letter else []
    dispute = Dispute.objects.filter(case=found).first()
    return to_holder(
        found.account, language=language, on=on, title=w["title"],
        account=w["account"].format(number=found.account.number),
        about=w["about"].format(id=found.pk, what=found.words_es if language == "es" else found.words_en),
        greeting=w["greeting"].format(name=found.account.holder.name),
        said=[w["told"].format(day=long_day(found.opened_on, language)), f"“{found.said}”", *opening, w["found"],
              found.answer],
        closing=[*(_decided(dispute, w, language) if dispute else []),
                 w["questions"].format(phone=house.phone, email=house.email)],
    )  # fmt: skip


def _decided(dispute: Dispute, w: dict[str, str], language: str) -> list[str]:
    """What was decided of a dispute, by when the rest is to be paid, and until when it may be appealed."""
    if not dispute.decision:
        return []
    amounts = {"amount": money(dispute.amount_cents), "upheld": money(dispute.upheld_cents)}
    told = [w[dispute.decision].format(**amounts)]
    if dispute.due_on:
        told.append(w["due"].format(day=long_day(dispute.due_on, language)))
    if dispute.appeal_by and dispute.heard_by_id is None:
        told.append(w["appeal"].format(day=long_day(dispute.appeal_by, language)))
    return told


def render_answer(case_id: int, *, on: date) -> bytes:
    """The letter as a PDF. Raises `NoAnswer` and `NotSet`."""
    return set_letters([answer_letter(case_id, on=on)])
