"""Building the forms of moves from what stands at the premise and on the account."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext

from meterbook.engine.moves.rules import MoveRules
from meterbook.records.autopay.moving import alive
from meterbook.records.moves import screens
from meterbook.records.moves.looking.debts import duplicates
from meterbook.records.moves.looking.landlords import agreement_at
from meterbook.records.moves.looking.standing import cycle_of, dials_at, proposals, served_at
from meterbook.records.moves.plans import NewPerson
from meterbook.records.moves.settings import known_rules
from meterbook.records.places.screens import cycle_choices
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import roles_held
from meterbook.web.kit.contact import masked_phone
from meterbook.web.kit.forms import sent
from meterbook.web.moves import forms
from meterbook.web.moves.drafts import draft_of

#: What stands for somebody not on record yet.
NEW = "new"


def occupant_of(premise: Any, *, but: int = 0) -> Any:
    """The account served at a premise today that would have to leave; not a landlord between tenants."""
    landlord = agreement_at(premise, business_date())
    for one in served_at(premise, business_date()):
        if one.account_id != but and not (landlord and landlord.account_id == one.account_id):
            return one.account
    return None


def start_form(request: HttpRequest, premise: Any, account: Any) -> tuple[forms.Start, dict[str, Any]]:
    """The form of a start at a premise, and what the page shows beside it."""
    day, rules, data = business_date(), known_rules(business_date()), sent(request)
    occupant = occupant_of(premise)
    form = forms.Start(data, initial={"on": day, "language": "en", **draft_of(request)})
    person = account.holder if account is not None else None
    people = [person] if person is not None else _candidates(data)
    _who(form, people, person)
    _accounts(form, premise, person or _chosen(people, data), account)
    _coming(request, form, premise, "start", occupant, rules, ask=True)
    form.with_reads(dials_at([premise.pk], day), rules)
    return form, {"premise": premise, "occupant": occupant, "person": person, "rules": rules, "alike": people,
                  "planned": screens.planned_at(premise.pk), "landlord": agreement_at(premise, day)}  # fmt: skip


def _candidates(data: Any) -> list[Any]:
    if data is None:
        return []
    return duplicates(NewPerson(data.get("name", "")[:160].replace("\0", ""),
                                phone=data.get("phone", "")[:30].replace("\0", ""),
                                email=data.get("email", "")[:254].replace("\0", "")))  # fmt: skip


def _chosen(people: list[Any], data: Any) -> Any:
    wanted = data.get("who", "") if data is not None else ""
    return next((one for one in people if str(one.pk) == wanted), None)


def _who(form: forms.Start, people: list[Any], person: Any) -> None:
    field: Any = form.fields["who"]
    if not people:
        del form.fields["who"]
        return
    choices = [(str(one.pk), f"{one.name} · {masked_phone(one.phone)}".strip(" ·")) for one in people]
    field.choices = choices
    if person is not None:
        field.initial = str(person.pk)
        for name in ("name", "phone", "email", "language", "is_organisation"):
            del form.fields[name]
        return
    field.choices = [*choices, (NEW, gettext("Somebody else, not on record yet"))]
    field.required = True
    field.error_messages["required"] = gettext("Somebody like this is on record. Say who it is.")


def _accounts(form: forms.Start, premise: Any, person: Any, account: Any) -> None:
    cycle = cycle_of(premise, business_date())
    held = [one for one in screens.open_accounts(person.pk) if cycle is None or one.cycle_id == cycle.pk] if (
        person) else []  # fmt: skip
    if held:
        field: Any = form.fields["account"]
        field.choices = [("", gettext("Open a new one")), *((str(one.pk), one.number) for one in held)]
        fits = account is not None and any(one.pk == account.pk for one in held)
        field.initial = str(account.pk) if fits else ""
    else:
        del form.fields["account"]
    if cycle is None:
        choice: Any = form.fields["cycle"]
        choice.choices = cycle_choices()
    else:
        del form.fields["cycle"]


def _coming(
    request: HttpRequest, form: forms.Comes, premise: Any, kind: str, occupant: Any, rules: MoveRules | None, *,
    ask: bool,
) -> None:  # fmt: skip
    form.with_schedules(proposals(premise, business_date()))
    form.with_documents(kind, premise.premise_class, rules)
    form.with_deposit(ask=ask)
    who = f"{occupant.holder.name} ({occupant.number})" if occupant is not None else ""
    form.with_way(who, may_waive=bool(rules and roles_held(request) & set(rules.debt_waived_by)))


def stop_form(request: HttpRequest, account: Any, chosen: str) -> tuple[forms.Stop, dict[str, Any]]:
    """The form of a move out."""
    day, rules = business_date(), known_rules(business_date())
    served = screens.premises_served(account, day)
    ticked = [str(one.pk) for one in served if not chosen or str(one.pk) == chosen]
    initial = {"on": day, "premises": ticked, "unserved": rules.unserved if rules else "owner", **draft_of(request)}
    form = forms.Stop(sent(request), initial=initial)
    field: Any = form.fields["premises"]
    field.choices = [(str(one.pk), one.address) for one in served]
    form.with_reads(dials_at([one.pk for one in served], day), rules)
    autopay = alive(account)
    if autopay is not None:
        form.with_autopay(f"…{autopay.last_four}")
    landlords = {one.pk: found for one in served if (found := agreement_at(one, day))}
    return form, {"account": account, "served": served, "landlords": list(landlords.values()), "rules": rules}


def transfer_form(request: HttpRequest, account: Any, premise: Any) -> tuple[forms.Transfer, dict[str, Any]]:
    """The form of a transfer to a premise."""
    day, rules = business_date(), known_rules(business_date())
    served = [one for one in screens.premises_served(account, day) if one.pk != premise.pk]
    cycle = cycle_of(premise, day)
    stays = cycle is not None and cycle.pk == account.cycle_id
    occupant = occupant_of(premise, but=account.pk)
    unserved = rules.unserved if rules else "owner"
    form = forms.Transfer(sent(request), initial={"on": day, "left_on": day, "unserved": unserved, **draft_of(request)})
    field: Any = form.fields["left"]
    field.choices = [(str(one.pk), one.address) for one in served]
    _coming(request, form, premise, "transfer", occupant, rules, ask=False)
    form.with_reads(dials_at([*(one.pk for one in served), premise.pk], day), rules)
    autopay = alive(account)
    if autopay is not None and not stays:
        form.with_autopay(f"…{autopay.last_four}")
    return form, {"account": account, "premise": premise, "occupant": occupant, "stays": stays, "rules": rules,
                  "served": served, "landlord": agreement_at(premise, day)}  # fmt: skip


def bankrupt_form(request: HttpRequest, account: Any) -> tuple[forms.Bankrupt, dict[str, Any]]:
    """The form of a bankruptcy."""
    day, rules = business_date(), known_rules(business_date())
    served = screens.premises_served(account, day)
    form = forms.Bankrupt(sent(request), initial={"on": day, **draft_of(request)})
    form.with_reads(dials_at([one.pk for one in served], day), rules)
    form.with_documents("bankruptcy", "", rules)
    return form, {"account": account, "served": served, "rules": rules}
