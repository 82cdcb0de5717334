"""One screen for a caller: who it is, what is owed, what comes next; contacts, people, and nobody's change lost."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.contacted import call, co_holder, dog, in_force
from tests.web.office import BILL_2, Office, act

from meterbook.records.contacts.models import CallerVerification, Contact, ContactDraft, Viewing
from meterbook.records.customers.models import Person
from meterbook.records.customers.operations.declare_relation import declare_interest
from meterbook.records.customers.people.operations.alerts import raise_alert
from meterbook.records.places.operations.weather import SHAPE, take_degree_days
from meterbook.records.platform.models import User
from meterbook.records.tasks.models import Task


@pytest.fixture(autouse=True)
def rules(office: Office) -> None:
    in_force(office, "caller-verification", "contact-log")


def seen(signed_in: SignedIn, office: Office, who: str = "csr") -> str:
    return signed_in(who).get(reverse("account", args=[office.ana.number])).content.decode()


def test_the_first_three_calls_are_answered_without_a_click(office: Office, signed_in: SignedIn) -> None:
    call(office), dog(office), co_holder(office)
    page = seen(signed_in, office)
    for shown in (
        "Past due", "Due next", "Last payment", "What happens next", "Oct 5, 2026", "Shutoff notice",
        "Medical baseline", "Dog", "Ring first", "Luis Belmonte", "may be told everything", "Last contacts",
        "Asked why the bill is so high.", "E-4471", "1,500 kWh", "Location of the meter", "a year earlier",
    ):  # fmt: skip
        assert shown in page, shown
    assert len(page.encode()) < 100_000
    assert 'data-key="c"' in page and 'data-copy="$' in page


def test_the_page_asks_few_questions(office: Office, signed_in: SignedIn) -> None:
    client, address = signed_in("csr"), reverse("account", args=[office.ana.number])
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        client.get(address)
    assert len(asked) < 60


def test_a_caller_is_verified_before_data_are_told(office: Office, signed_in: SignedIn) -> None:
    page, desk = seen(signed_in, office), signed_in("csr")
    assert "(555) 555-0149" not in page and "•••" in page and "Caller not verified" in page
    assert "(555) 555-0149" in seen(signed_in, office, "supervisor")
    ask = reverse("verify_caller", args=[office.ana.number])
    holder = f"holder:{office.ana.holder_id}"
    early = desk.post(ask, {"caller": holder, "name": "Ana Belmonte"})
    assert early.status_code == 422 and "Ask on" in early.content.decode()
    desk.post(ask, {"caller": holder, "name": "belmonte ana", "phone_last_four": "0149"})
    made = CallerVerification.objects.get()
    assert (made.outcome, made.by.username, made.asked) == ("verified", "csr", {"name": True, "phone_last_four": True})
    page = seen(signed_in, office)
    assert "(555) 555-0149" in page and "Caller verified" in page
    assert "(555) 555-0149" not in seen(signed_in, office, "cashier"), "who did not ask is not told"


def test_wrong_answers_refuse_and_lock_until_a_supervisor_says_why(office: Office, signed_in: SignedIn) -> None:
    desk, ask = signed_in("csr"), reverse("verify_caller", args=[office.ana.number])
    wrong = {"caller": f"holder:{office.ana.holder_id}", "name": "Anna Bell", "phone_last_four": "0000"}
    for _ in range(2):
        desk.post(ask, wrong)
    right = {"caller": wrong["caller"], "name": "Ana Belmonte", "phone_last_four": "0149"}
    refused = desk.post(ask, right)
    assert refused.status_code == 422 and "A supervisor opens it" in refused.content.decode()
    opens = reverse("open_data", args=[office.ana.number])
    assert desk.post(opens, {"why": "she insists"}).status_code == 422
    assert signed_in("supervisor").post(opens, {"why": "came with her passport"}).status_code == 302
    assert "came with her passport" in desk.get(ask).content.decode()
    assert desk.post(ask, right).status_code == 302


def test_a_secret_address_is_shown_to_nobody_who_did_not_ask(office: Office, signed_in: SignedIn) -> None:
    raise_alert(act(office.staff["csr"], BILL_2), account=office.ana, kind="confidential_address", words="",
                starts=BILL_2)  # fmt: skip
    for who in ("csr", "supervisor", "auditor"):
        page = seen(signed_in, office, who)
        assert "214 Tannery Row" not in page and "Address kept secret" in page, who
    place = reverse("premise", args=[office.ana.agreements.all()[0].service_point.premise_id])
    for address in (reverse("accounts"), f"{reverse('find')}?q=belmonte"):
        listed = signed_in("auditor").get(address).content.decode()
        assert "Ana Belmonte" in listed and "214 Tannery Row" not in listed
    served = signed_in("csr").get(place).content.decode().partition("Who was served")[2]
    assert "Kept secret" in served and "Ana Belmonte" not in served
    signed_in("csr").post(reverse("open_data", args=[office.ana.number]), {"why": "returned letter"})
    assert "214 Tannery Row" in seen(signed_in, office)


def test_a_contact_is_logged_in_place_and_followed_up(office: Office, signed_in: SignedIn) -> None:
    desk, address = signed_in("csr"), reverse("log_contact", args=[office.ana.number])
    part = desk.get(address, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part and "Asked for more time." in part
    desk.post(reverse("contact_draft", args=[office.ana.number]), {"words": "half a sen"})
    assert "half a sen" in desk.get(address).content.decode(), "what was typed is kept"
    typed = {"words": "Wants to know about the leak.", "reason": "leak", "channel": "call", "direction": "in"}
    early = desk.post(address, typed | {"follow_up_on": "1/1/2020"})
    assert early.status_code == 422 and "Wants to know" in early.content.decode()
    due = BILL_2 + timedelta(days=14)
    assert desk.post(address, typed | {"follow_up_on": due.isoformat()}).status_code == 302
    made = Contact.objects.latest("pk")
    task = Task.objects.get(subject=f"contact:{made.pk}")
    assert (task.due_on, task.owner) == (due, office.staff["csr"]) and not ContactDraft.objects.exists()
    listed = desk.get(f"{reverse('contacts')}?q=leak").content.decode()
    assert "Wants to know about the leak." in listed and "Leak or meter" in listed
    assert desk.get(f"{reverse('contacts')}?q=leak&as=csv").status_code == 200


def test_who_looked_at_whom_is_on_record_once(office: Office, signed_in: SignedIn) -> None:
    for _ in range(3):
        seen(signed_in, office, "cashier")
    signed_in("cashier").get(reverse("timeline", args=[office.ana.number]))
    looks = Viewing.objects.filter(user=office.staff["cashier"], account=office.ana)
    assert 1 <= looks.count() <= 2, "two only where the minutes turned"
    assert looks.latest("pk").page in ("account", "timeline")
    log = signed_in("auditor").get(f"{reverse('access_log')}?q={office.ana.number}").content.decode()
    assert "cashier" in log
    assert signed_in("csr").get(reverse("access_log")).status_code == 403


def test_two_at_one_person_the_second_is_told_and_loses_nothing(office: Office, signed_in: SignedIn) -> None:
    first, second = signed_in("supervisor"), signed_in("billing")
    address = reverse("change_person", args=[office.ana.number, office.ana.holder_id])
    shown = {name: client.get(address).content.decode() for name, client in (("first", first), ("second", second))}
    version = {name: page.split('name="version" value="')[1].split('"')[0] for name, page in shown.items()}
    typed = {"name": "Ana Belmonte", "phone": "(555) 555-0149", "email": "ana@example.org", "language": "es"}
    assert first.post(address, typed | {"phone": "(555) 555-0200", "version": version["first"]}).status_code == 302
    late = second.post(address, typed | {"email": "ana.b@example.org", "version": version["second"]})
    page = late.content.decode()
    assert late.status_code == 422 and "changed this while you were typing" in page
    for told in ("Phone", "(555) 555-0149", "(555) 555-0200", "ana.b@example.org", str(office.staff["supervisor"])):
        assert told in page, told
    office.ana.holder.refresh_from_db()
    assert office.ana.holder.phone == "(555) 555-0200", "nothing was saved over it"
    newer = page.split('name="version" value="')[1].split('"')[0]
    agreed = typed | {"phone": "(555) 555-0200", "email": "ana.b@example.org", "version": newer}
    assert second.post(address, agreed).status_code == 302
    office.ana.holder.refresh_from_db()
    assert (office.ana.holder.phone, office.ana.holder.email) == ("(555) 555-0200", "ana.b@example.org")


def test_mail_and_people_are_changed_by_those_who_may(office: Office, signed_in: SignedIn) -> None:
    desk, number = signed_in("supervisor"), office.ana.number
    mailing = reverse("change_mailing", args=[number])
    version = desk.get(mailing).content.decode().split('name="version" value="')[1].split('"')[0]
    assert desk.post(mailing, {"lines": "PO Box 12", "version": version}).status_code == 422
    desk.post(mailing, {"lines": "PO Box 12\nAlder Bend, CA 92990", "version": version})
    assert "PO Box 12" in seen(signed_in, office)
    part = {"name": "Rosa Vega", "part": "authorised", "starts": "9/8/2026", "ends": "", "reason": "form 12"}
    assert desk.post(reverse("add_part", args=[number]), part).status_code == 302
    assert desk.post(reverse("add_part", args=[number]), part).status_code == 422
    page = seen(signed_in, office)
    assert "Rosa Vega" in page and "Authorised person" in page
    assert signed_in("cashier").get(mailing).status_code == 403
    assert signed_in("csr").get(mailing).status_code == 403, "not before the caller is verified"
    alert = dog(office)
    off = reverse("end_alert", args=[number, alert.pk])
    desk.post(off, {"ends": (BILL_2 + timedelta(days=1)).isoformat(), "reason": "gave it away"})
    alert.refresh_from_db()
    assert alert.validity.upper == BILL_2 + timedelta(days=1)
    assert desk.get(reverse("end_alert", args=[office.ben.number, alert.pk])).status_code == 404


def test_nobody_changes_who_may_talk_about_their_own_account(office: Office, signed_in: SignedIn) -> None:
    declare_interest(act(office.staff["supervisor"], BILL_2), user=office.staff["csr"], account=office.ana, kind="own")
    part = {"name": "Rosa Vega", "part": "authorised", "starts": "9/8/2026", "ends": "", "reason": "form 12"}
    refused = signed_in("csr").post(reverse("add_part", args=[office.ana.number]), part)
    assert refused.status_code == 422 and "your own or your family" in refused.content.decode()


def test_papers_are_kept_and_opened_as_they_came(office: Office, signed_in: SignedIn) -> None:
    desk, papers = signed_in("csr"), reverse("account_papers", args=[office.ana.number])
    page = SimpleUploadedFile("lease <b>.html", b"<script>", content_type="text/html")
    assert desk.post(papers, {"file": page, "reason": "Lease"}).status_code == 302
    shown = desk.get(papers).content.decode()
    assert "lease &lt;b&gt;.html" in shown
    address = shown.split('<td><a href="')[1].split('"')[0]
    answer = desk.get(address)
    assert answer.content == b"<script>" and answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert desk.get(address.replace(office.ana.number, office.ben.number)).status_code == 404


def test_the_timeline_tells_everything_and_is_narrowed(office: Office, signed_in: SignedIn) -> None:
    call(office)
    desk, address = signed_in("csr"), reverse("timeline", args=[office.ana.number])
    page = desk.get(address).content.decode()
    for told in ("Bill of $", "Asked why the bill is so high.", "Electricity read: 800 kWh", "Electricity begins at"):
        assert told in page, told
    only = desk.get(f"{address}?kind=contact").content.decode()
    assert "Asked why the bill is so high." in only and "Bill of $" not in only
    assert desk.get(f"{address}?kind=%27&years=x&from=-9").status_code == 200


def test_degree_days_stand_beside_usage(office: Office, signed_in: SignedIn) -> None:
    assert "degree-days" not in seen(signed_in, office)
    first = date(2026, 7, 1)
    days = [(first + timedelta(days=at), 0, 150) for at in range(80)]
    values = pl.DataFrame(days, schema=SHAPE, orient="row")
    deed = act(office.staff["billing"], BILL_2)
    assert take_degree_days(deed, station="KALB", values=values) == 80
    assert take_degree_days(deed, station="KALB", values=values) == 0, "the same again changes nothing"
    page = seen(signed_in, office)
    assert "degree-days, station KALB" in page and 'class="degrees"' in page
    assert "Sep 2026: 800 kWh · 450 degree-days" in page
    with pytest.raises(ValueError, match="degree-days from 0 to 200"):
        take_degree_days(deed, station="KALB", values=pl.DataFrame([(first, -1, 0)], schema=SHAPE, orient="row"))


def test_crews_are_not_shown_accounts(office: Office, signed_in: SignedIn) -> None:
    assert User.objects.filter(username="crew").exists()
    assert signed_in("crew").get(reverse("account", args=[office.ana.number])).status_code == 403


def test_the_answer_to_a_question_is_not_shown_before_it_is_asked(office: Office, signed_in: SignedIn) -> None:
    """The last four of an identity document verify a caller: who has verified nobody does not read them."""
    Person.objects.filter(pk=office.ana.holder_id).update(identity_kind="drivers_license", identity_last_four="8841")
    assert "8841" not in seen(signed_in, office) and "8841" in seen(signed_in, office, "supervisor")


def test_finding_an_account_verifies_nobody(office: Office, signed_in: SignedIn) -> None:
    """The list of what was found does not show the phone number the account page keeps back."""
    found = {who: signed_in(who).get(reverse("find"), {"q": "belmonte"}).content.decode() for who in ("csr", "billing")}
    assert "555-0149" not in found["csr"] and "••49" in found["csr"] and "555-0149" in found["billing"]
