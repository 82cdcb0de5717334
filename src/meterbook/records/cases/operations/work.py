"""Working on a case: notes, files, links, hand-over, escalation, the answer, and opening it again."""

from __future__ import annotations

from datetime import date

from meterbook.engine.cases.clock import level
from meterbook.engine.trace import N_, Step
from meterbook.records.cases.disputing import settle_with_case
from meterbook.records.cases.keeping import ask, clock, locked, said, step, subject_of, tell_asker
from meterbook.records.cases.models import Case, CaseLink
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.cases.settings import case_rules_on, working_on
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Attachment, Deed, User
from meterbook.records.platform.operations.attach_file import keep_file
from meterbook.records.platform.roles import (
    BILLING,
    CASHIER,
    CREW,
    CSR,
    FINANCE,
    METER_SHOP,
    SUPERVISOR,
    roles_of,
)
from meterbook.records.tasks.opening import end_tasks, notify

WORKERS = {CSR, BILLING, CASHIER, SUPERVISOR, FINANCE, METER_SHOP}


@operation("cases.note", roles=WORKERS | {CREW})
def note(deed: Deed, *, case: Case, words: str) -> Case:
    """Write down what was done or said. Raises `CaseRefused`, `OwnAccount`."""
    found = locked(deed, case)
    step(deed, found, "noted", said(words))
    tell(deed, "cases.noted", case=found.pk)
    return found


@operation("cases.attach", roles=WORKERS | {CREW})
def attach(deed: Deed, *, case: Case, file_name: str, content_type: str, content: bytes) -> Attachment:
    """Keep a file with a case. Raises `CaseRefused`, `OwnAccount`, `TooLarge`."""
    found = locked(deed, case)
    kept = keep_file(deed, subject=subject_of(found), file_name=file_name, content_type=content_type, content=content)
    step(deed, found, "attached", file_name)
    tell(deed, "cases.attached", case=found.pk, attachment=kept.pk)
    return kept


@operation("cases.link", roles=WORKERS)
def link(deed: Deed, *, case: Case, kind: str, ref: int, label: str) -> CaseLink:
    """Name what hangs together with a case. Raises `CaseRefused`, `OwnAccount`."""
    found = locked(deed, case)
    return linked(deed, found, kind=kind, ref=ref, label=label)


def linked(deed: Deed, case: Case, *, kind: str, ref: int, label: str) -> CaseLink:
    """The link as part of a deed; one that stands already stays."""
    if kind not in CaseLink.KINDS:
        raise ValueError(f"found {kind!r}, expected one of {', '.join(CaseLink.KINDS)}")
    made, new = CaseLink.objects.get_or_create(case=case, kind=kind, ref=ref, defaults={"label": label, "deed": deed})
    if new:
        step(deed, case, "linked", label)
        tell(deed, "cases.linked", case=case.pk, kind=kind, ref=ref)
    return made


@operation("cases.hand_over", roles=WORKERS)
def hand_over(deed: Deed, *, case: Case, words: str, owner: User | None = None, team: str = "") -> Case:
    """Give a case to a person, to another team, or (neither) back to its team. Raises `CaseRefused`, `OwnAccount`."""
    found = locked(deed, case)
    _, rules = case_rules_on(deed.business_date)
    if team:
        if team not in rules.teams:
            raise CaseRefused(Step(N_("Choose who is to have it.")))
        found.team, found.role = team, rules.teams[team].role
    if owner is not None and not roles_of(owner, deed.business_date) & WORKERS:
        raise CaseRefused(Step(N_("{name} does not work on cases."), {"name": str(owner)}))
    found.owner = owner
    found.save(update_fields=["team", "role", "owner"])
    step(deed, found, "handed_over", words.strip(), to=owner)
    ask(deed, found)
    tell(deed, "cases.handed_over", case=found.pk, owner=owner.pk if owner else None, team=found.team)
    return found


@operation("cases.take_over", roles=WORKERS)
def take_over(deed: Deed, *, case: Case) -> Case:
    """Take a case into one's own hands. Raises `CaseRefused`, `OwnAccount`."""
    found = locked(deed, case)
    found.owner = deed.actor
    found.save(update_fields=["owner"])
    step(deed, found, "taken_over", to=deed.actor)
    ask(deed, found)
    tell(deed, "cases.handed_over", case=found.pk, owner=deed.actor.pk, team=found.team)
    return found


@operation("cases.escalate", roles=WORKERS)
def escalate(deed: Deed, *, case: Case, words: str) -> Case:
    """Bring a case before the next person of the ladder. Raises `CaseRefused` at its end, `OwnAccount`."""
    found = locked(deed, case)
    _, rules = case_rules_on(deed.business_date)
    if found.level >= len(rules.escalation):
        raise CaseRefused(Step(N_("This case is before the last person of the ladder already.")))
    _raise_to(deed, found, found.level + 1, rules.escalation[found.level].role, said(words))
    return found


@operation("cases.escalate_overdue", roles={SUPERVISOR})
def escalate_overdue(deed: Deed) -> int:
    """Bring every case that is late by the policy's days before the next person; how many moved. Raises `NoPolicy`."""
    _, rules = case_rules_on(deed.business_date)
    working, moved = working_on(deed.business_date), 0
    late = Case.objects.select_for_update(of=("self",)).filter(state=Case.OPEN, answer_by__lt=deed.business_date)
    for found in late.select_related("account", "owner").order_by("pk"):
        reached = level(found.answer_by, deed.business_date, rules.escalation, working)
        if reached > found.level:
            _raise_to(deed, found, reached, rules.escalation[reached - 1].role, "")
            moved += 1
    tell(deed, "cases.overdue_escalated", count=moved)
    return moved


def _raise_to(deed: Deed, found: Case, to_level: int, role: str, words: str) -> None:
    found.level, found.role, found.owner = to_level, role, None
    found.save(update_fields=["level", "role", "owner"])
    step(deed, found, "escalated", words)
    ask(deed, found)
    tell(deed, "cases.escalated", case=found.pk, level=to_level, role=role)


@operation("cases.close", roles=WORKERS)
def close(deed: Deed, *, case: Case, outcome: str, words: str) -> Case:
    """Answer and end a case; who asked is told. Ends the protection of a dispute that was upheld.

    Raises `CaseRefused` for an outcome that does not fit, with a dispute still in review or not yet put right, with a
    charge still to be decided; `OwnAccount`.
    """
    found = locked(deed, case)
    _, rules = case_rules_on(deed.business_date)
    if outcome not in rules.outcomes[found.kind]:
        raise CaseRefused(Step(N_("Choose how the case ends.")))
    claims = list(found.claims.values_list("state", flat=True))
    if "asked" in claims:
        raise CaseRefused(Step(N_("A charge of this case waits for a second person. It is decided first.")))
    if outcome == "charged" and "charged" not in claims and not found.links.filter(kind__in=_CHARGES).exists():
        raise CaseRefused(Step(N_("Nothing was charged: ask for the charge, or link the correction that charges it.")))
    settle_with_case(deed, found)
    found.state, found.outcome, found.answer, found.closed_on = Case.CLOSED, outcome, said(words), deed.business_date
    found.save(update_fields=["state", "outcome", "answer", "closed_on"])
    step(deed, found, "closed", found.answer)
    end_tasks(deed, subject_of(found))
    if found.kind == Case.REFERRAL:
        tell_asker(deed, found, Step(N_("Your question was answered: {words}"), {"words": found.answer[:120]}))
    tell(deed, "cases.closed", case=found.pk, outcome=outcome, account=found.account_id)
    return found


_CHARGES = ("adjustment", "correction", "fee")


@operation("cases.reopen", roles=WORKERS)
def reopen(deed: Deed, *, case: Case, words: str) -> Case:
    """Open an ended case again, with a new clock. Raises `CaseRefused`, `OwnAccount`."""
    found = locked(deed, case, open_only=False)
    if found.state != Case.CLOSED:
        raise CaseRefused(Step(N_("This case is open.")))
    opened_again(deed, found, said(words), by=None)
    return found


def opened_again(deed: Deed, found: Case, words: str, *, by: date | None) -> None:
    """Open a case again as part of a deed; answered by a day, or by the policy's days from today."""
    _, rules = case_rules_on(deed.business_date)
    topic = rules.topics(found.kind).get(found.topic)
    found.answer_by = by or clock(deed.business_date, topic.answer_days if topic else 5)
    found.state, found.outcome, found.answer, found.closed_on, found.level = Case.OPEN, "", "", None, 0
    found.save(update_fields=["state", "outcome", "answer", "closed_on", "level", "answer_by"])
    step(deed, found, "reopened", words)
    ask(deed, found)
    if found.owner is not None and found.owner.pk != deed.actor.pk:
        notify(deed, found.owner, Step(N_("Case {id} was opened again."), {"id": found.pk}), link=("case", [found.pk]))
    tell(deed, "cases.reopened", case=found.pk)
