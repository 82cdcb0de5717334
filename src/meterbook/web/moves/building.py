"""From what was typed to the plan of a move."""

from __future__ import annotations

from typing import Any

from meterbook.records.moves.plans import Deposit, Entering, Leaving, NewPerson, Plan
from meterbook.web.moves import forms
from meterbook.web.moves.asking import NEW


def start_plan(form: forms.Start, premise: Any, occupant: Any, person: Any) -> Plan:
    """Somebody moves in; who is served there leaves the same day if so said."""
    given = form.cleaned_data
    who = str(person.pk) if person is not None else given.get("who", "")
    on_record = int(who) if who and who != NEW else 0
    newcomer = None if on_record else NewPerson(
        given["name"], given["is_organisation"], given["phone"], given["email"], given["language"]
    )  # fmt: skip
    entering = Entering(
        premise=premise.pk, on=given["on"], person=on_record, newcomer=newcomer,
        account=int(given.get("account") or 0), cycle=given.get("cycle", ""), mail_lines=lines(given["mail"]),
        **_asked(form),
    )  # fmt: skip
    leaving = (Leaving(occupant.pk, premise.pk, given["on"]),) if _goes(given, occupant) else ()
    return Plan(
        "swap" if leaving else "start", leaving, entering, form.reads(), given.get("no_read", "estimate"),
        given["note"],
    )  # fmt: skip


def _goes(given: dict[str, Any], occupant: Any) -> bool:
    return occupant is not None and bool(given.get("occupant_leaves"))


def _asked(form: forms.Comes) -> dict[str, Any]:
    given = form.cleaned_data
    return {
        "schedules": form.schedules(), "documents": tuple(given.get("documents", ())),
        "deposit": Deposit(given["ask_deposit"], given["standing"], given["instalments"]),
        "household": given["household"], "debt_waived": given.get("debt_waived", ""),
    }  # fmt: skip


def stop_plan(form: forms.Stop, account: Any) -> Plan:
    """The account leaves every premise that is ticked."""
    given = form.cleaned_data
    leaving = tuple(
        Leaving(
            account.pk, int(premise), given["on"], lines(given["forwarding"]), given["closes"], given["unserved"],
            given.get("autopay_stops", False),
        )
        for premise in given["premises"]
    )  # fmt: skip
    return Plan("stop", leaving, None, form.reads(), given.get("no_read", "estimate"), given["note"])


def transfer_plan(form: forms.Transfer, account: Any, premise: Any, occupant: Any, *, stays: bool) -> Plan:
    """The customer leaves one premise and comes to another, on the same account where its cycle allows."""
    given = form.cleaned_data
    mail = (premise.address, f"{premise.city}, {premise.state} {premise.postal_code}") if given["mail_moves"] else ()
    left = Leaving(account.pk, int(given["left"]), given["left_on"], mail, unserved=given["unserved"])
    others = (Leaving(occupant.pk, premise.pk, given["on"]),) if _goes(given, occupant) else ()
    entering = Entering(
        premise=premise.pk, on=given["on"], person=account.holder_id, account=account.pk if stays else 0,
        mail_lines=mail or tuple(account.mail_lines),
        autopay_goes_along=given.get("autopay_goes_along", False), **_asked(form),
    )  # fmt: skip
    return Plan(
        "transfer", (left, *others), entering, form.reads(), given.get("no_read", "estimate"), given["note"]
    )  # fmt: skip


def bankrupt_plan(form: forms.Bankrupt, account: Any, served: list[Any]) -> Plan:
    """The account ends on the day of the petition; a new one of the same holder goes on from it."""
    given = form.cleaned_data
    leaving = tuple(Leaving(account.pk, one.pk, given["on"]) for one in served)
    entering = Entering(
        premise=served[0].pk, on=given["on"], person=account.holder_id, mail_lines=tuple(account.mail_lines),
        deposit=Deposit(ask=False), documents=tuple(given.get("documents", ())),
        also=tuple(one.pk for one in served[1:]),
    )  # fmt: skip
    return Plan("bankruptcy", leaving, entering, form.reads(), given.get("no_read", "estimate"), given["note"])


def lines(text: str) -> tuple[str, ...]:
    """The lines of an envelope."""
    return tuple(line.strip() for line in text.splitlines() if line.strip())
