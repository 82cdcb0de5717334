"""What every deed on a case does: lock it, write its step, ask whoever has it now."""

from __future__ import annotations

from datetime import date

from meterbook.engine.cases.clock import answer_by
from meterbook.engine.trace import N_, Step
from meterbook.records.cases.models import Case, CaseStep
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.cases.settings import working_on
from meterbook.records.customers.relations import refuse_own
from meterbook.records.platform.models import Deed, User
from meterbook.records.tasks.opening import end_tasks, notify, open_task

ANSWER = "cases.answer"
LONGEST = 4000


def subject_of(case: Case) -> str:
    """What tasks and files about a case name."""
    return f"case:{case.pk}"


def said(text: str) -> str:
    """Words that are there and can be kept; raises `CaseRefused`."""
    found = text.strip()
    if not found or len(found) > LONGEST or "\0" in found:
        raise CaseRefused(Step(N_("Say it in words, at most {most} characters."), {"most": LONGEST}))
    return found


def locked(deed: Deed, case: Case, *, open_only: bool = True) -> Case:
    """The case for this deed alone. Raises `CaseRefused` where it has ended, `OwnAccount`."""
    found = Case.objects.select_for_update(of=("self",)).select_related("account", "owner", "deed").get(pk=case.pk)
    if open_only and found.state != Case.OPEN:
        raise CaseRefused(Step(N_("This case has ended. Reopen it first.")))
    if found.account is not None and found.kind != Case.REFERRAL:
        refuse_own(deed.actor, found.account, deed.business_date)
    return found


def step(deed: Deed, case: Case, what: str, words: str = "", to: User | None = None) -> CaseStep:
    """Write a step of a case."""
    return CaseStep.objects.create(case=case, what=what, words=words[:LONGEST], to=to, deed=deed)


def clock(taken_on: date, days: int) -> date:
    """By when something of a day is answered."""
    return answer_by(taken_on, days, working_on(taken_on))


def ask(deed: Deed, case: Case) -> None:
    """Let whoever has the case know: one open task, for its owner or for its role."""
    end_tasks(deed, subject_of(case), ANSWER, done=False)
    where = case.account.number if case.account else (case.told_by or case.said[:60])
    open_task(
        deed, kind=ANSWER, subject=subject_of(case), due_on=case.answer_by, role=case.role, user=case.owner,
        title=Step(N_("Case {id}, {where}: {what}"), {"id": case.pk, "where": where, "what": case.words_en}),
        link=("case", [case.pk]),
    )  # fmt: skip


def tell_asker(deed: Deed, case: Case, words: Step) -> None:
    """Tell who opened a case, unless they do it themselves."""
    if case.deed.actor_id != deed.actor.pk:
        notify(deed, case.deed.actor, words, link=("case", [case.pk]))
