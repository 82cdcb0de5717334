"""The steps of a case on screen: what each asks, what it does, and when its button is there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook.engine.cases.load import Appliance
from meterbook.engine.cases.rules import CaseRules
from meterbook.engine.trace import N_, Step
from meterbook.records.adjustments import screens as adjustments
from meterbook.records.cases import screens
from meterbook.records.cases.operations import dispute, revenue, work
from meterbook.records.cases.refusals import CaseRefused
from meterbook.records.platform.queries import business_date
from meterbook.web.cases import acts
from meterbook.web.cases import forms as asked
from meterbook.web.cases.finding import linked_to
from meterbook.web.kit.access import act, may
from meterbook.web.kit.forms import sent
from meterbook.web.kit.language import bilingual

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Now:
    """A case as it stands: with its dispute, the claim that waits, and the policy."""

    case: Any
    dispute: Any
    claim: Any
    rules: CaseRules | None

    @property
    def open(self) -> bool:
        """Whether the case is open."""
        return bool(self.case.state == "open")

    @property
    def revenue(self) -> bool:
        """Whether it is a case of revenue protection."""
        return bool(self.case.kind == "revenue_protection")


@dataclass(frozen=True, slots=True)
class CaseAct:
    """One step: its words, the operation behind it, its form, the deed, and whether it fits now."""

    name: str
    kind: str
    title: str | Promise
    button: str | Promise
    form: Callable[[HttpRequest, Now], forms.Form]
    do: Callable[[HttpRequest, Now, Given], Any]
    fits: Callable[[Now], bool]
    lead: str | Promise = ""
    dangerous: bool = False


def now(case_id: int) -> Now:
    """The case and what stands around it, or the page that says there is none."""
    found = screens.find(case_id)
    if found is None:
        raise Http404(str(case_id))
    claim = next((one for one in screens.claims(found) if one.state == "asked"), None)
    return Now(found, screens.dispute_of(found), claim, screens.rules_on(business_date()))


def _words(request: HttpRequest, _at: Now) -> forms.Form:
    return asked.Words(sent(request))


def _optional(request: HttpRequest, _at: Now) -> forms.Form:
    return asked.Optional(sent(request))


def _outcomes(request: HttpRequest, at: Now) -> forms.Form:
    found = at.rules.outcomes[at.case.kind] if at.rules else {}
    return asked.Close(sent(request), outcomes=asked.coded((code, one.words) for code, one in found.items()))


def _claim(request: HttpRequest, at: Now) -> forms.Form:
    day = business_date()
    services = adjustments.services_of(at.case.account_id) if at.case.account_id else []
    allowed = at.rules.protection.fees if at.rules else ()
    fees = [
        (code, said[bilingual()]) for code, said, _cents in adjustments.fee_choices(day, services) if code in allowed
    ]
    return asked.Claim(sent(request), case=at.case, fees=fees, services=services)


def _contest(request: HttpRequest, at: Now) -> forms.Form:
    return contest_form(request, at.case.account, at.rules)


def contest_form(request: HttpRequest, account: Any, rules: CaseRules | None) -> forms.Form:
    """The form of a dispute, with the account's bills and services."""
    from meterbook.records.billing import screens as billing

    bills = billing.bills_of_account(account.pk, 13)
    wanted = request.GET.get("bill", "")
    return asked.Contest(
        sent(request), rules=rules, bills=bills, services=adjustments.services_of(account.pk),
        initial={"bill": wanted or (str(bills[0]["id"]) if bills else ""), "channel": "call"},
    )  # fmt: skip


def _handed(request: HttpRequest, at: Now, given: Given) -> None:
    owner = screens.user(int(given["owner"])) if given["owner"] else None
    work.hand_over(act(request), case=at.case, owner=owner, team=given["team"], words=given["words"])


def _attached(request: HttpRequest, at: Now, given: Given) -> None:
    file = given["file"]
    work.attach(act(request), case=at.case, file_name=file.name[:200], content=file.read(),
                content_type=file.content_type or "application/octet-stream")  # fmt: skip


def _evidence(request: HttpRequest, at: Now, given: Given) -> None:
    file = given["photo"]
    photo = (
        revenue.Photo(file.name[:200], file.content_type or "application/octet-stream", file.read()) if file else None
    )
    earlier = next((one for one in screens.evidence(at.case) if str(one.pk) == given["earlier"]), None)
    revenue.add_evidence(
        act(request), case=at.case, kind=given["kind"], words=given["words"], value=given["value"],
        found_on=given["found_on"], found_by=given["found_by"], held_by=given["held_by"], earlier=earlier, photo=photo,
    )  # fmt: skip


def _estimated(request: HttpRequest, at: Now, given: Given) -> None:
    point = next(one for one in screens.points_of(at.case) if str(one.pk) == given["point"])
    revenue.estimate_load(act(request), case=at.case, service_point=point, method=given["method"],
                          starts=given["starts"], ends=given["ends"],
                          connected=connected(given["connected"]))  # fmt: skip


def connected(text: str) -> list[Appliance]:
    """What was typed of connected load, one a line. Raises `CaseRefused` for a line that cannot be read."""
    made = []
    for line in filter(str.strip, text.splitlines()):
        try:
            what, draw, count, hours = (part.strip() for part in line.split(";"))
            one = Appliance(what[:60], Decimal(draw), int(count), Decimal(hours))
            if not (_plain(one.per_hour) and _plain(one.hours_a_day) and 0 < one.count < 10_000):
                raise ValueError(line)
        except (ValueError, InvalidOperation):
            raise CaseRefused(
                Step(N_("“{line}”: type what it is; its draw an hour; how many; hours a day."), {"line": line[:80]})
            ) from None
        made.append(one)
    return made


def _plain(value: Decimal) -> bool:
    """Whether a number is one people type: below a hundred thousand, at most six digits behind the point."""
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -6 and 0 <= value < 100_000


def _claimed(request: HttpRequest, at: Now, given: Given) -> None:
    revenue.ask_claim(
        act(request), case=at.case, service=given["service"], words=given["words"], price=given["price"],
        estimate=screens.estimate(at.case, int(given["estimate"])) if given["estimate"] else None,
        let_go_cents=given["let_go"] or 0, fees=given["fees"],
    )  # fmt: skip


def _decided(deed: Any) -> Callable[[HttpRequest, Now, Given], Any]:
    return lambda request, at, given: deed(
        act(request), dispute=at.dispute, decision=given["decision"], words=given["words"],
        upheld_cents=given["upheld"] or 0,
    )  # fmt: skip


def _linked(request: HttpRequest, at: Now, given: Given) -> None:
    ref, label = linked_to(given["kind"], given["ref"], at.case)
    work.link(act(request), case=at.case, kind=given["kind"], ref=ref, label=label)


def _open(at: Now) -> bool:
    return at.open


_ALL = (
    CaseAct("decide", "cases.decide_claim", _("Decide the charge"), _("Decide"),
            lambda request, at: asked.DecideClaim(sent(request)),
            lambda request, at, given: revenue.decide_claim(
                act(request, given["words"]), claim=at.claim, approve=given["decision"] == "approve",
                words=given["words"]),
            lambda at: at.open and at.claim is not None,
            _("Approved, the amounts on the case's page are booked at once; refused, nothing is.")),
    CaseAct("review", "cases.review_dispute", _("Decide the dispute"), _("Decide"),
            lambda request, at: asked.Decide(sent(request)), _decided(dispute.review),
            lambda at: at.open and at.dispute is not None and at.dispute.state == "review",
            _("What the customer is right about stays protected until it is put right; the rest until it is due.")),
    CaseAct("hear", "cases.hear_appeal", _("Decide the appeal"), _("Decide"),
            lambda request, at: asked.Decide(sent(request)), _decided(dispute.hear),
            lambda at: at.open and at.dispute is not None and at.dispute.state == "appealed"),
    CaseAct("evidence", "cases.add_evidence", _("Add evidence"), _("Put on record"),
            lambda request, at: asked.Evidence(sent(request), request.FILES or None, rules=at.rules, case=at.case,
                                               day=business_date()),
            _evidence, lambda at: at.open and at.revenue,
            _("It stays as it is put on record; nothing is changed later.")),
    CaseAct("estimate", "cases.estimate_load", _("Estimate the usage"), _("Estimate"),
            lambda request, at: asked.Estimate(sent(request), case=at.case), _estimated,
            lambda at: at.open and at.revenue),
    CaseAct("name_account", "cases.name_account", _("Name the account"), _("Name it"),
            lambda request, at: asked.NameAccount(sent(request)),
            lambda request, at, given: revenue.name_account(act(request), case=at.case, number=given["number"],
                                                            words=given["words"]),
            lambda at: at.open and at.revenue and at.case.account_id is None),
    CaseAct("claim", "cases.ask_claim", _("Ask for the charge"), _("Ask a second person"), _claim, _claimed,
            lambda at: at.open and at.revenue and at.claim is None,
            _("Nothing is charged before a second person agreed.")),
    CaseAct("take_over", "cases.take_over", _("Take it"), _("Take it"), lambda request, at: forms.Form(sent(request)),
            lambda request, at, given: work.take_over(act(request), case=at.case), _open),
    CaseAct("close", "cases.close", _("Answer and end"), _("End the case"), _outcomes,
            lambda request, at, given: work.close(act(request), case=at.case, outcome=given["outcome"],
                                                  words=given["words"]), _open),
    CaseAct("note", "cases.note", _("Write a note"), _("Keep"), _words,
            lambda request, at, given: work.note(act(request), case=at.case, words=given["words"]), _open),
    CaseAct("attach", "cases.attach", _("Attach a file"), _("Keep"),
            lambda request, at: asked.File(sent(request), request.FILES or None), _attached, _open),
    CaseAct("hand_over", "cases.hand_over", _("Hand over"), _("Hand over"),
            lambda request, at: asked.HandOver(sent(request), rules=at.rules), _handed, _open),
    CaseAct("escalate", "cases.escalate", _("Escalate"), _("Escalate"), _words,
            lambda request, at, given: work.escalate(act(request), case=at.case, words=given["words"]),
            lambda at: at.open and at.rules is not None and at.case.level < len(at.rules.escalation),
            _("The case goes to the next person of the ladder, and out of the owner's hands.")),
    CaseAct("ask", "cases.refer", _("Ask a department"), _("Ask"),
            lambda request, at: asked.Question(sent(request), rules=at.rules),
            lambda request, at, given: acts.asked(request, given, parent=at.case), _open,
            _("Its answer comes back to you.")),
    CaseAct("contest", "cases.contest", _("Put charges in dispute"), _("Put in dispute"), _contest,
            lambda request, at, given: acts.contested(request, at.case.account, given, case=at.case),
            lambda at: at.open and at.case.kind == "complaint" and at.case.account_id is not None and not at.dispute,
            _("From this moment no penalty, cutoff, lien or agency, and no draft, takes what is in dispute.")),
    CaseAct("appeal", "cases.appeal", _("Take an appeal"), _("Take the appeal"),
            lambda request, at: asked.Appeal(sent(request)),
            lambda request, at, given: dispute.appeal(act(request), dispute=at.dispute, words=given["words"],
                                                      hearing_on=given["hearing_on"]),
            lambda at: at.dispute is not None and at.dispute.state == "rejected" and at.dispute.appeal_by is not None
            and at.dispute.appeal_by >= business_date() and at.dispute.heard_by_id is None),
    CaseAct("link", "cases.link", _("Link something"), _("Link"), lambda request, at: asked.Link(sent(request)),
            _linked, _open),
    CaseAct("reopen", "cases.reopen", _("Open again"), _("Open again"), _words,
            lambda request, at, given: work.reopen(act(request), case=at.case, words=given["words"]),
            lambda at: not at.open),
)  # fmt: skip
STEPS = {each.name: each for each in _ALL}


def possible(request: HttpRequest, at: Now) -> list[CaseAct]:
    """The steps the signed-in person may take now, the main one first."""
    found = [each for each in _ALL if each.fits(at) and may(request, each.kind)]
    if at.case.owner_id == request.user.pk:
        found = [each for each in found if each.name != "take_over"]
    mine = at.claim is not None and at.claim.asked_by.actor_id == request.user.pk
    return [each for each in found if not (mine and each.name == "decide")]


def back_to(at: Now) -> str:
    """The case's page."""
    return reverse("case", args=[at.case.pk])
