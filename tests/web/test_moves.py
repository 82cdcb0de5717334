"""Moves on their pages: the call, what will happen, what was done; dates that were wrong; landlords; a file."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from click.testing import CliRunner
from django.test import Client
from django.urls import reverse
from tests.web.autopay import enrolment as enrolled
from tests.web.moved import with_policy
from tests.web.office import BILL_2, Office, act

from meterbook.cli.commands.moves import command as moves_command
from meterbook.records.autopay.moving import alive
from meterbook.records.corrections.operations.calculate_case import calculate_case
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.metering.models import Read, Register
from meterbook.records.moves.models import LandlordAgreement, Move
from meterbook.records.moves.operations.bulk import start_many
from meterbook.records.moves.operations.landlords import open_agreement
from meterbook.records.moves.operations.make import carry_out, make_move
from meterbook.records.moves.plans import Deposit, Entering, Leaving, NewPerson, Plan
from meterbook.records.places.models import Premise, Route, ServicePoint
from meterbook.records.platform.models import Deed
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.service_orders.models import Order, ServiceStatus
from meterbook.records.tasks.models import Task

SignedIn = Callable[[str], Client]


@pytest.fixture
def town(office: Office) -> Office:
    """The office with the policy of moves in force."""
    with_policy(office)
    return office


def home(street: str, number: str) -> Premise:
    return Premise.objects.get(street=street, street_number=number)


def read_field(serial: str) -> str:
    return f"read_{Register.objects.get(meter__serial=serial).pk}"


def payer(point: str, day: date) -> str:
    found = ServiceAgreement.objects.filter(service_point__code=point, validity__contains=day).first()
    return found.account.holder.name if found else ""


def test_ana_moves_out_mid_cycle(town: Office, signed_in: SignedIn) -> None:
    """Looked at first, and nothing done; then saved: reads, mail, account, and what comes next."""
    csr, url = signed_in("csr"), reverse("move_stop", args=[town.ana.number])
    tannery = home("Tannery Row", "214")
    page = csr.get(url).content.decode()
    assert "214 Tannery Row" in page and "E-4471" in page and "last 1500" in page
    typed = {
        "on": "9/8/2026", "premises": [str(tannery.pk)], "forwarding": "PO Box 5\nElsewhere, CA 90000", "closes": "on",
        "unserved": "off", "no_read": "estimate", read_field("E-4471"): "1550",
    }  # fmt: skip
    looked = csr.post(url, {**typed, "do": "look"}).content.decode()
    assert "This will happen" in looked and "E-4471: 1550 kWh" in looked and "is turned off" in looked
    assert not Move.objects.exists() and payer("E-0", BILL_2) == "Ana Belmonte"
    done = csr.post(url, {**typed, "do": "save"}, follow=True).content.decode()
    assert "Mail of 1000017 goes to PO Box 5" in done and "closing bill" in done
    assert payer("E-0", BILL_2) == "" and Account.objects.get(pk=town.ana.pk).closed_on == BILL_2
    assert Read.objects.get(register__meter__serial="E-4471", read_on=BILL_2).value == 1550
    assert Read.objects.get(register__meter__serial="W-9001", read_on=BILL_2, status="accepted").estimated


def start_form(premise: Premise, **typed: object) -> dict[str, object]:
    """What the page of a start sends."""
    given: dict[str, object] = {
        "on": "9/8/2026", "language": "en", "standing": "unknown", "instalments": "1", "documents": ["photo_id"],
        "no_read": "estimate", "do": "save",
    }  # fmt: skip
    return given | typed


def test_ben_takes_over_the_same_day(town: Office, signed_in: SignedIn) -> None:
    """One read ends Ana's service and begins Ben's; he is known by his name and not recorded twice."""
    csr, tannery = signed_in("csr"), home("Tannery Row", "214")
    found = csr.get(reverse("move_start"), {"q": "214 tannery"})
    assert found.status_code == 302
    url = found.headers["Location"]
    page = csr.get(url).content.decode()
    assert "Ana Belmonte (1000017) moves out the same day" in page and "W-RES" in page
    typed = start_form(tannery, name="Ben Ortiz", phone="555 0199", **{read_field("E-4471"): "1550"})
    asked = csr.post(url, typed)
    assert asked.status_code == 422 and "Somebody like this is on record" in asked.content.decode()
    assert "Somebody else, not on record yet" in asked.content.decode()
    typed["who"] = str(town.ben.holder_id)
    barred = csr.post(url, typed).content.decode()
    assert "past due: it is paid or arranged first" in barred
    boss = signed_in("supervisor")
    typed |= {"debt_waived": "pays on Friday", "account": str(town.ben.pk)}
    in_the_way = boss.post(url, typed).content.decode()
    assert "let them move out the same day" in in_the_way
    typed["occupant_leaves"] = "on"
    done = boss.post(url, typed, follow=True).content.decode()
    assert "The old debt is let pass: pays on Friday" in done
    assert payer("E-0", date(2026, 9, 7)) == "Ana Belmonte" and payer("E-0", BILL_2) == "Ben Ortiz"
    move = Move.objects.get()
    assert (move.kind, move.state, move.account, move.left) == ("swap", "done", town.ben, town.ana)
    reads = Read.objects.filter(register__meter__serial="E-4471", read_on=BILL_2, status="accepted")
    assert [read.value for read in reads] == [1550]


def test_the_landlord_gets_the_flat_back(town: Office, signed_in: SignedIn) -> None:
    """From the day the tenant leaves; entered late, what was billed of later days is put in a correction case."""
    csr, tannery = signed_in("csr"), home("Tannery Row", "214")
    csr.post(
        reverse("open_landlord", args=[town.ben.number]),
        {"found": "214 Tannery", "starts": "8/1/2026", "evidence": "signed 7/30"},
    )
    assert LandlordAgreement.objects.get().premise == tannery
    assert "214 Tannery Row" in csr.get(reverse("landlord", args=[town.ben.number])).content.decode()
    assert "Ben Ortiz" in csr.get(reverse("landlord", args=[town.ana.number])).content.decode()
    url = reverse("move_stop", args=[town.ana.number])
    typed = {"on": "7/20/2026", "premises": [str(tannery.pk)], "closes": "on", "unserved": "off", "do": "save",
             "no_read": "estimate"}  # fmt: skip
    assert "You may enter a move back to" in csr.post(url, typed).content.decode()
    done = signed_in("billing").post(url, typed | {"on": "8/3/2026"}, follow=True).content.decode()
    assert "Ben Ortiz takes them over from" in done and "is turned off" not in done
    assert payer("W-0", date(2026, 8, 3)) == "Ben Ortiz" and payer("W-0", date(2026, 8, 2)) == "Ana Belmonte"
    move = Move.objects.get()
    assert move.case is not None and "COR-2026-" in done
    assert {item.account_id for item in move.case.items.all()} == {town.ana.pk}
    calculate_case(act(town.staff["billing"], BILL_2, "the move came late"), case=move.case)
    again = {(item.account.number, item.outcome) for item in move.case.items.all()}
    assert again == {(town.ana.number, "corrected"), (town.ben.number, "charged")}


def test_not_after_a_cutoff_for_nonpayment(town: Office, signed_in: SignedIn) -> None:
    """Service that was cut off stays off and does not become the owner's; somebody asks the owner."""
    tannery = home("Tannery Row", "214")
    open_agreement(
        act(town.staff["csr"], BILL_2), account=town.ben, premises=[tannery], starts=BILL_2, evidence="signed"
    )
    water = ServicePoint.objects.get(code="W-0")
    deed = Deed.objects.create(kind="test.cutoff", actor=town.staff["system"], business_date=BILL_2)
    ServiceStatus.objects.create(
        service_point=water, state="off", cause="nonpayment", validity=(BILL_2, None), deed=deed
    )  # fmt: skip
    made = make_move(
        act(town.staff["csr"], BILL_2), plan=Plan("stop", (Leaving(town.ana.pk, tannery.pk, BILL_2, unserved="off"),))
    )
    assert payer("E-0", BILL_2) == "" and not made.parts.filter(begun__isnull=False).exists()
    assert Task.objects.get(kind="moves.ask_owner").subject == f"premise:{tannery.pk}"


def test_a_planned_move_is_carried_out_once_on_its_day(town: Office, signed_in: SignedIn) -> None:
    """Seen before, cancelled or carried out; too early and twice it changes nothing."""
    csr, mill = signed_in("csr"), home("Mill Street", "12")
    day = date(2026, 9, 20)
    page = csr.post(
        reverse("move_stop", args=[town.ben.number]),
        {"on": "9/20/2026", "premises": [str(mill.pk)], "closes": "on", "unserved": "owner", "do": "save",
         "no_read": "order"}, follow=True,
    ).content.decode()  # fmt: skip
    assert "Planned: service at 12 Mill Street ends on" in page and "somebody reads E-4472" in page
    move = Move.objects.get()
    assert move.state == "planned" and payer("E-1", day) == "Ben Ortiz"
    assert carry_out(act(town.staff["system"], BILL_2), move=move).state == "planned"
    due = carry_out(act(town.staff["system"], day), move=move)
    assert due.state == "done" and payer("E-1", day) == "" and payer("E-1", date(2026, 9, 19)) == "Ben Ortiz"
    carry_out(act(town.staff["system"], day), move=move)
    assert move.parts.count() == 1


def test_what_is_due_is_carried_out_from_the_command_line(town: Office) -> None:
    """`moves due` says what is due, `--do` carries it out; what is refused on its day becomes a task."""
    mill, csr = home("Mill Street", "12"), act(town.staff["csr"], BILL_2)
    day = date(2026, 9, 20)
    planned = make_move(csr, plan=Plan("stop", (Leaving(town.ben.pk, mill.pk, day),)))
    twice = make_move(csr, plan=Plan("stop", (Leaving(town.ben.pk, mill.pk, day),)))
    advance_business_date(act(town.staff["system"], day), to=day)
    told = CliRunner().invoke(moves_command, ["due"], catch_exceptions=False).output
    assert "2 due on 2026-09-20" in told
    done = CliRunner().invoke(moves_command, ["due", "--do"], catch_exceptions=False).output
    assert "1 done, 0 wait for another day, 1 could not be" in done
    planned.refresh_from_db()
    assert planned.state == "done" and payer("E-1", day) == ""
    assert Task.objects.get(kind="moves.stuck").subject == f"move:{twice.pk}"


def test_autopay_stops_with_the_account_and_goes_along_only_with_consent(town: Office) -> None:
    """Stopped at once if so asked; carried to the new account of a bankruptcy's holder never without being asked."""
    enrolled(town)
    tannery = home("Tannery Row", "214")
    leaving = Leaving(town.ana.pk, tannery.pk, BILL_2, autopay_stops=True)
    entering = Entering(tannery.pk, BILL_2, person=town.ana.holder_id, deposit=Deposit(ask=False),
                        autopay_goes_along=True)  # fmt: skip
    made = make_move(act(town.staff["supervisor"], BILL_2, "split"), plan=Plan("transfer", (leaving,), entering))
    assert alive(town.ana) is None
    along = alive(made.account)
    assert along is not None and (along.how, along.last_four) == ("phone", "7788")


def test_a_planned_move_is_called_off(town: Office, signed_in: SignedIn) -> None:
    """Its order, its deposit and the account opened for it go."""
    csr, tannery = signed_in("csr"), home("Tannery Row", "214")
    url = f"{reverse('move_start')}?premise={tannery.pk}"
    typed = start_form(
        tannery, name="Cora Lind", on="9/30/2026", no_read="order", occupant_leaves="on", ask_deposit="on"
    )
    page = csr.post(url, typed, follow=True).content.decode()
    assert "Account 1000033 is opened" in page and "Asked: $285.00" in page
    move = Move.objects.get()
    csr.post(reverse("cancel_move", args=[move.pk]), {"reason": "found another flat"})
    move.refresh_from_db()
    assert move.state == "cancelled" and move.account.closed_on == BILL_2
    assert not Order.objects.filter(source_kind="move").exclude(state="cancelled").exists()


def test_the_date_was_wrong(town: Office, signed_in: SignedIn) -> None:
    """The right day takes the wrong one's place; agreements change, bills go into a case."""
    tannery = home("Tannery Row", "214")
    made = make_move(
        act(town.staff["billing"], BILL_2, "swap"),
        plan=Plan("swap", (Leaving(town.ana.pk, tannery.pk, BILL_2),),
                  Entering(tannery.pk, BILL_2, newcomer=NewPerson("Dora Diaz"), documents=("photo_id",))),
    )  # fmt: skip
    assert made.case is None
    billing = signed_in("billing")
    url = reverse("correct_move", args=[made.pk, tannery.pk])
    typed = {"on": "8/4/2026", "reason": "the lease says the 4th", "no_read": "estimate"}
    page = billing.post(url, typed, follow=True).content.decode()
    assert "the day is Aug 4, 2026" in page and "COR-2026-" in page
    made.refresh_from_db()
    assert made.state == "corrected" and payer("E-0", date(2026, 8, 4)) == "Dora Diaz"
    again = Move.objects.get(corrects=made)
    assert Account.objects.get(pk=again.account_id).opened_on == date(2026, 8, 4)
    undone = billing.post(reverse("undo_move", args=[again.pk]), {"reason": "Dora never came"}, follow=True)
    assert "Account 1000017 is open again" in undone.content.decode()
    assert payer("E-0", BILL_2) == "Ana Belmonte"


def test_the_customer_was_another(town: Office, signed_in: SignedIn) -> None:
    """Services that began are the other account's from their first day; the one opened for it closes."""
    tannery = home("Tannery Row", "214")
    made = make_move(
        act(town.staff["billing"], BILL_2, "swap"),
        plan=Plan("swap", (Leaving(town.ana.pk, tannery.pk, BILL_2),),
                  Entering(tannery.pk, BILL_2, newcomer=NewPerson("Dora Diaz"), documents=("photo_id",),
                           deposit=Deposit(ask=False))),
    )  # fmt: skip
    url = reverse("correct_move_customer", args=[made.pk])
    typed = {"number": town.ben.number, "reason": "the lease names Ben"}
    page = signed_in("billing").post(url, typed, follow=True).content.decode()
    assert "it was opened for this move" in page and payer("E-0", BILL_2) == "Ben Ortiz"
    assert Account.objects.get(pk=made.account_id).closed_on == BILL_2


def test_a_transfer_in_one_go(town: Office, signed_in: SignedIn) -> None:
    """Ben goes to Ana's as she leaves: both reads, the same account, his mail."""
    tannery = home("Tannery Row", "214")
    url = f"{reverse('move_transfer', args=[town.ben.number])}?premise={tannery.pk}"
    boss = signed_in("supervisor")
    page = boss.get(url).content.decode()
    assert "stays the same" in page and "E-4471" in page and "E-4472" in page
    typed = start_form(
        tannery,
        left=str(home("Mill Street", "12").pk),
        left_on="9/8/2026",
        occupant_leaves="on",
        mail_moves="on",
        unserved="owner",
        documents=[],
        debt_waived="arranged",
        **{read_field("E-4471"): "1550", read_field("E-4472"): "1000"},
    )
    done = boss.post(url, typed, follow=True).content.decode()
    assert "Mail of 1000025 goes to 214 Tannery Row" in done and "E-4472: 1000 kWh" in done
    assert payer("E-0", BILL_2) == "Ben Ortiz" and payer("E-1", BILL_2) == ""
    assert Account.objects.get(pk=town.ben.pk).closed_on is None
    assert Account.objects.get(pk=town.ana.pk).closed_on == BILL_2


def test_bankruptcy_and_estate(town: Office, signed_in: SignedIn) -> None:
    """Old debt stays with the old account and is stayed; a holder's estate keeps the number."""
    csr = signed_in("csr")
    typed = {"on": "9/1/2026", "note": "Chapter 7, 26-10442", "documents": ["petition"], "no_read": "estimate",
             "do": "save"}  # fmt: skip
    done = csr.post(reverse("move_bankruptcy", args=[town.ana.number]), typed, follow=True).content.decode()
    assert "is stayed: no notice" in done
    old, new = Account.objects.get(pk=town.ana.pk), Account.objects.get(number="1000033")
    assert old.closed_on == date(2026, 9, 1) and new.holder == old.holder
    assert old.protections.filter(kind="bankruptcy_stay").exists()
    assert payer("W-0", BILL_2) == "Ana Belmonte"
    assert ServiceAgreement.objects.get(service_point__code="W-0", validity__contains=BILL_2).account == new
    csr.post(reverse("change_name", args=[town.ben.number]),
             {"why": "estate", "speaks": "Rosa Ortiz", "evidence": "certificate 88"})  # fmt: skip
    ben = Account.objects.get(pk=town.ben.pk)
    assert ben.holder.name == "Estate of Ben Ortiz" and ben.people.get().person.name == "Rosa Ortiz"


def test_a_file_of_starts_is_all_or_nothing(town: Office, signed_in: SignedIn) -> None:
    """Each row's problem is told; the same file twice begins nothing the second time."""
    billing, url = signed_in("billing"), reverse("move_many")
    head = "street_number,street,unit,postal_code,starts,schedules\n"
    wrong = f"{head}12,Mill Street,,92990,2026-09-01,\n99,Nowhere,,92990,2026-09-01,\n"
    page = billing.post(url, {"number": town.ben.number, "text": wrong, "do": "save"}).content.decode()
    assert "a premise on record" in page and not Move.objects.exists()
    ServicePoint.objects.create(
        premise=town.vacant, code="E-7", commodity="electricity", connection="metered", sequence=9,
        route=Route.objects.get(), validity=(date(2026, 7, 6), None),
    )  # fmt: skip
    right = f"{head}7,Mill Street,,92990,2026-09-01,E-7=E-RES\n"
    looked = billing.post(url, {"number": town.ben.number, "text": right, "do": "look"}).content.decode()
    assert "will begin" in looked and not Move.objects.exists()
    again = Account.objects.get(pk=town.ben.pk)
    boss = act(town.staff["supervisor"], BILL_2)
    assert len(start_many(boss, account=again, text=right).moves) == 1
    assert payer("E-7", BILL_2) == "Ben Ortiz"
    second = start_many(boss, account=again, text=right)
    assert (len(second.moves), second.unchanged) == (0, 1)


def test_what_is_typed_is_kept_and_the_auditor_changes_nothing(town: Office, signed_in: SignedIn) -> None:
    """A draft comes back when the page is opened again; whoever may not move anybody is told so."""
    csr, url = signed_in("csr"), reverse("move_stop", args=[town.ana.number])
    csr.post(reverse("move_draft"), {"draft": url, "forwarding": "PO Box 77"})
    assert "PO Box 77" in csr.get(url).content.decode()
    assert "PO Box 77" not in signed_in("billing").get(url).content.decode()
    typed = {"on": "9/8/2026", "premises": [str(home("Tannery Row", "214").pk)], "unserved": "off", "do": "save",
             "no_read": "order"}  # fmt: skip
    assert signed_in("auditor").post(url, typed).status_code == 403
    assert not Move.objects.exists()
