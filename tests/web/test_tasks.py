"""Tasks as the office lives them: taken, handed over, seen to by who stands in, told about; all of it by addresses."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse
from tests.web import counter
from tests.web.conftest import SignedIn
from tests.web.office import Office, act

from meterbook.engine.trace import Step
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Approval, Deed
from meterbook.records.platform.operations.approvals import SamePerson, decide_approval, request_approval
from meterbook.records.platform.operations.users import add_user
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import BILLING, CSR, SUPERVISOR
from meterbook.records.tasks import opening, screens
from meterbook.records.tasks.models import Notification, Task, TaskStep
from meterbook.records.tasks.operations import handling, standing_in, telling
from meterbook.records.tasks.refusals import TaskRefused
from meterbook.web.kit.palette.keys import EVERYWHERE, ON_ACCOUNT


def _task(office: Office, *, role: str = CSR, subject: str = "contact:1", user: Any = None) -> Task:
    deed = Deed.objects.create(kind="test.asked", actor=office.staff["billing"], business_date=business_date())
    return opening.open_task(
        deed, kind="test.call_back", subject=subject, title=Step("Call {name} back", {"name": "Ana Belmonte"}),
        role=role, user=user, due_on=business_date(), link=("account", [office.ana.number]),
    )  # fmt: skip


def _colleague(office: Office, username: str, *roles: str) -> Any:
    return add_user(
        act(office.staff["system"], business_date()), username=username, name=f"{username.title()} Ito",
        email=f"{username}@example.org", roles=roles, password="correct-horse-battery",
    )  # fmt: skip


def test_asking_twice_asks_once_and_the_answer_ends_it(office: Office) -> None:
    first = _task(office)
    assert _task(office).pk == first.pk
    assert opening.end_tasks(first.deed, "contact:1") == 1
    assert Task.objects.get(pk=first.pk).state == Task.DONE
    assert _task(office).pk != first.pk


def test_a_task_is_claimed_by_its_role_only_and_once(office: Office) -> None:
    task, day = _task(office), business_date()
    with pytest.raises(TaskRefused, match="does not hold the role"):
        handling.claim(act(office.staff["cashier"], day), task=task)
    with pytest.raises(NotPermitted):
        handling.claim(act(office.staff["auditor"], day), task=task)
    handling.claim(act(office.staff["csr"], day), task=task)
    with pytest.raises(TaskRefused, match="has this task in hand"):
        handling.claim(act(_colleague(office, "mei", CSR), day), task=task)


def test_it_is_handed_over_to_a_colleague_of_the_role_who_is_told(
    office: Office, signed_in: SignedIn, monkeypatch: pytest.MonkeyPatch
) -> None:
    task, day, mei = _task(office), business_date(), _colleague(office, "mei", CSR)
    handling.claim(act(office.staff["csr"], day), task=task)
    with pytest.raises(TaskRefused, match="does not hold the role"):
        handling.hand_over(act(office.staff["csr"], day), task=task, to=office.staff["cashier"])
    desk = signed_in("csr")
    page = desk.get(reverse("hand_over_task", args=[task.pk])).content.decode()
    assert "Mei Ito" in page and str(office.staff["cashier"]) not in page.split("<main")[1]
    sent = desk.post(reverse("hand_over_task", args=[task.pk]), {"to": mei.pk, "note": "she knows Ana"})
    assert sent.status_code == 302
    monkeypatch.setitem(office.staff, "mei", mei)
    hers = signed_in("mei")
    told = hers.get(reverse("notifications")).content.decode()
    assert "handed you a task: Call Ana Belmonte back" in told
    bell = Notification.objects.get(user=mei)
    assert hers.get(reverse("told", args=[bell.pk])).headers["Location"] == reverse("task", args=[task.pk])
    assert screens.unseen(mei.pk) == 0
    history = hers.get(reverse("task", args=[task.pk])).content.decode()
    assert "Handed over" in history and "she knows Ana" in history


def test_standing_in_moves_work_and_no_authority(office: Office) -> None:
    """Mei stands in for the representative, not being a supervisor: she sees calls to make, and decides nothing."""
    day, csr, mei = business_date(), office.staff["csr"], _colleague(office, "mei", CSR)
    mine, other = _task(office, user=csr), _task(office, subject="contact:2", role=BILLING, user=csr)
    standing_in.delegate(act(csr, day), user=csr, to=mei, first=day, last=day + timedelta(days=4))
    assert {row["id"] for row in screens.in_hand(mei, day)} == {mine.pk}, "the billing task is not hers to do"
    with pytest.raises(TaskRefused):
        handling.finish(act(mei, day), task=other)
    handling.finish(act(mei, day), task=mine)
    step = TaskStep.objects.get(task=mine, what="done")
    assert (step.deed.actor, step.acting_for) == (mei, csr)
    with pytest.raises(TaskRefused, match="none of the roles"):
        standing_in.delegate(
            act(office.staff["billing"], day), user=office.staff["billing"], to=mei, first=day, last=day
        )
    with pytest.raises(TaskRefused, match="stands in for"):
        standing_in.delegate(act(csr, day), user=csr, to=_colleague(office, "noa", CSR), first=day, last=day)


def test_who_stands_in_still_cannot_decide_what_they_asked(office: Office) -> None:
    """Sam stands in for the supervisor and is one: Sam's own request waits for a third person all the same."""
    day, boss, sam = business_date(), office.staff["supervisor"], _colleague(office, "sam", SUPERVISOR)
    standing_in.delegate(act(boss, day), user=boss, to=sam, first=day, last=day)
    asked = request_approval(act(sam, day, "because"), kind="test.kind", subject="test:1", preview={})
    with pytest.raises(SamePerson):
        decide_approval(act(sam, day, "for the boss"), request=asked, approve=True)
    decide_approval(act(office.staff["finance"], day, "no money left"), request=asked, approve=False)
    assert Approval.objects.get(pk=asked.pk).status == "refused"
    [told] = Notification.objects.filter(user=sam, link_name="approval")
    assert told.words["values"]["reason"] == "no money left"


def test_back_early_ends_it_and_a_day_not_begun_is_called_off(office: Office, signed_in: SignedIn) -> None:
    day, csr, mei = business_date(), office.staff["csr"], _colleague(office, "mei", CSR)
    desk = signed_in("csr")
    given = {"user": csr.pk, "to": mei.pk, "first": f"{day:%m/%d/%Y}", "last": f"{day + timedelta(days=9):%m/%d/%Y}"}
    assert desk.post(reverse("be_away"), given).status_code == 302
    found = screens.away(csr, day)
    assert found is not None and screens.away(csr, day + timedelta(days=10)) is None
    assert "Mei Ito sees to your tasks" in desk.get(reverse("tasks")).content.decode()
    assert ">mei<" in desk.get(reverse("standing_in")).content.decode()
    assert desk.post(reverse("end_standing_in", args=[found.pk])).status_code == 302
    assert screens.away(csr, day + timedelta(days=1)) is None


def test_what_is_due_is_told_once_to_both(office: Office) -> None:
    day, csr, mei = business_date(), office.staff["csr"], _colleague(office, "mei", CSR)
    _task(office, user=csr)
    standing_in.delegate(act(csr, day), user=csr, to=mei, first=day, last=day)
    assert telling.remind(act(office.staff["system"], day)) == 1
    assert telling.remind(act(office.staff["system"], day)) == 0
    assert Notification.objects.filter(words__message__startswith="Due").count() == 2


def test_the_home_page_counts_and_the_queue_is_worked_without_a_mouse(office: Office, signed_in: SignedIn) -> None:
    task, desk = _task(office), signed_in("csr")
    home = desk.get("/").content.decode()
    assert "Call Ana Belmonte back" in home and "1 to take" in home
    here = reverse("tasks") + "?show=take"
    assert desk.post(reverse("claim_task", args=[task.pk]), {"next": here}).headers["Location"] == here
    assert desk.post(reverse("finish_task", args=[task.pk]), {"next": "https://elsewhere.example/"}).headers[
        "Location"
    ] == reverse("task", args=[task.pk])
    again = desk.post(reverse("finish_task", args=[task.pk]), follow=True).content.decode()
    assert "This task is over already." in again
    asked = desk.post(reverse("ask_task"), {"words": "Count the keys", "role": CSR, "to": "", "due_on": "9/20/2026"})
    assert Task.objects.get(kind="tasks.asked").due_on == date(2026, 9, 20) and asked.status_code == 302
    both = desk.post(reverse("ask_task"), {"words": "x", "role": "", "to": "", "due_on": "9/20/2026"})
    assert both.status_code == 422 and "Choose a role or a colleague" in both.content.decode()


def test_the_palette_answers_to_codes_words_and_accounts(office: Office, signed_in: SignedIn) -> None:
    desk = signed_in("csr")
    ana, ben = office.ana.number, office.ben.number
    assert desk.get(reverse("palette"), {"q": f":adj {ben}"}).headers["Location"] == reverse(
        "adjust_account", args=[ben]
    )
    nobody = desk.get(reverse("palette"), {"q": "adjust the"}).content.decode()
    assert "find the account first" in nobody
    desk.get(reverse("account", args=[ana]))
    desk.get(reverse("account", args=[ben]))
    part = desk.get(reverse("palette"), {"q": "fee"}, headers={"HX-Request": "true"}).content.decode()
    assert reverse("charge_fee", args=[ben]) in part and "<html" not in part
    assert reverse("account", args=[ana]) in desk.get(reverse("palette"), {"q": "belm"}).content.decode()
    assert "plan_run" not in desk.get(reverse("palette"), {"q": ":plan"}).content.decode(), "a csr plans no bill run"
    assert desk.get(reverse("palette"), {"q": ":plan"}).status_code == 200
    assert signed_in("billing").get(reverse("palette"), {"q": ":plan"}).status_code == 302
    counter.drawer(office, "cashier", "Window 2")
    paying = signed_in("cashier").get(reverse("palette"), {"q": f":pay {ana}"}, follow=True).content.decode()
    assert "Ana Belmonte" in paying.split('<main id="main"')[1], "the slip begins with her account"


def test_open_accounts_stay_open_as_tabs(office: Office, signed_in: SignedIn) -> None:
    desk = signed_in("csr")
    for account in (office.ana, office.ben):
        desk.get(reverse("account", args=[account.number]))
    home = desk.get("/").content.decode()
    assert 'data-go="1"' in home and 'data-go="2"' in home
    desk.post(reverse("close_tab", args=[office.ben.number]))
    assert [each["number"] for each in desk.session["tabs"]] == [office.ana.number]
    assert "pinned" not in desk.session


def test_every_code_is_its_own_and_every_action_has_a_page(office: Office) -> None:
    from meterbook.records.platform.deeds import OPERATIONS
    from meterbook.web.kit.palette import ACTIONS

    codes = [each.code for each in ACTIONS]
    assert len(set(codes)) == len(codes) and all(code.isalnum() and len(code) <= 8 for code in codes)
    for each in ACTIONS:
        assert not each.operation or each.operation in OPERATIONS, each.code
        assert reverse(each.url_name, args=[office.ana.number] if each.account and not each.query else [])


def test_the_card_prints_the_keys_the_pages_listen_to(office: Office, signed_in: SignedIn) -> None:
    desk = signed_in("csr")
    card = desk.get(reverse("shortcuts")).content.decode()
    account = desk.get(reverse("account", args=[office.ana.number])).content.decode()
    for (key,), words in ON_ACCOUNT:
        assert f'data-key="{key}"' in account, words
        assert str(words) in card and str(words) in account.split('id="keys"')[1]
    script = Path(finders.find("web/kit.js")).read_text()
    bound = [each.name for each in EVERYWHERE if len(each.keys) == 1 and len(each.keys[0]) == 1]
    assert [name for name in bound if f'does === "{name}"' not in script] == []
