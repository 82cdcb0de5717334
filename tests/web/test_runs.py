"""A bill run from the screen: plan, calculate, ask, decide, post; each by who may, each refusal in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.db import connection
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.jobs import run_mail, run_reports
from meterbook.jobs.bill_run import calculate_all
from meterbook.records.billing.models import Bill, BillRun, RunHandoff
from meterbook.records.billing.stages.kept import KEPT
from meterbook.records.platform.models import Approval, ImportBatch


def test_a_run_goes_from_plan_to_post(office: Office, signed_in: SignedIn) -> None:
    billing, supervisor = signed_in("billing"), signed_in("supervisor")
    answer = billing.post(reverse("plan_run"), {"cycle": office.cycle.pk, "bill_date": "9/8/26"})
    run = BillRun.objects.get(status=BillRun.PLANNED)
    page = reverse("run", args=[run.pk])
    assert answer.headers["Location"] == page and run.bill_date == BILL_2
    assert "2 accounts are planned" in billing.get(page).content.decode()

    billing.post(reverse("run_act", args=[run.pk, "calculate"]))
    waiting = billing.get(page).content.decode()
    assert "0 of 2 accounts" in waiting and "every 1s" in waiting
    calculate_all(act(office.staff["billing"], BILL_2), run)
    ended = billing.get(reverse("run_progress", args=[run.pk]))
    assert ended.headers["HX-Refresh"] == "true" and "2 of 2 accounts" in ended.content.decode()

    billing.post(reverse("run_act", args=[run.pk, "request"]), {"reason": "September, cycle C1"})
    asked = Approval.objects.get(status=Approval.PENDING)
    preview = supervisor.get(reverse("approval", args=[asked.pk])).content.decode()
    assert "September, cycle C1" in preview and "Charges by service" in preview
    early = billing.post(reverse("run_act", args=[run.pk, "post"]))
    assert early.status_code == 422 and "approval is missing" in early.content.decode()
    supervisor.post(reverse("approval", args=[asked.pk]), {"reason": "agrees", "decision": "approve"})
    billing.post(reverse("run_act", args=[run.pk, "post"]))
    run.refresh_from_db()
    assert run.status == BillRun.POSTED
    posted = billing.get(page).content.decode()
    assert "Completeness" in posted and "service points" in posted


def test_a_posted_run_keeps_its_reports_is_mailed_and_closed(
    office: Office, signed_in: SignedIn, settings: Any, tmp_path: Path
) -> None:
    settings.DATA_DIR = tmp_path
    client, run = signed_in("billing"), BillRun.objects.get(status=BillRun.POSTED)
    page = reverse("run", args=[run.pk])
    before = client.get(page).content.decode()
    assert "What keeps it open" in before and "reports are not kept yet" in before
    assert "Hand to the printer" in before and reverse("run_register", args=[run.pk]) in before
    refused = client.post(reverse("run_act", args=[run.pk, "close"]), {"reason": "done"})
    assert refused.status_code == 422 and "reports are not kept yet" in refused.content.decode()

    client.post(reverse("run_act", args=[run.pk, "reports"]))
    client.post(reverse("run_act", args=[run.pk, "handoff"]))
    assert queued(run) == {f"reports-{run.pk}", f"mail-{run.pk}"}
    run_reports.keep(run.pk, office.staff["billing"].pk, "")
    run_mail.mail(run.pk, office.staff["billing"].pk, "")
    mailed = client.get(page).content.decode()
    assert "Whole" in mailed and "Close run" in mailed and "Not kept yet" not in mailed
    row = RunHandoff.objects.get(run=run)
    fetched = client.get(reverse("run_mail_file", args=[run.pk, row.pk]))
    assert b"".join(fetched.streaming_content).startswith(b"%PDF")  # type: ignore[attr-defined]

    client.post(reverse("run_act", args=[run.pk, "reprint"]), {"piece": "2", "reason": "jammed"})
    run_mail.again(run.pk, 2)
    assert "Printed again from piece 2" in client.get(page).content.decode()
    beyond = client.post(reverse("run_act", args=[run.pk, "reprint"]), {"piece": "9", "reason": "jammed"})
    assert beyond.status_code == 422 and "no piece of this number" in beyond.content.decode()

    client.post(reverse("run_act", args=[run.pk, "close"]), {"reason": "all mailed"})
    closed = client.get(page).content.decode()
    assert "2 bills, 2 pieces" in closed and "all mailed" in closed and "Close run" not in closed
    for name in KEPT:
        shown = client.get(reverse("report", args=[name]), {"run": run.number}).content.decode()
        assert "Hash, checked now" in shown, name


def queued(run: BillRun) -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT queueing_lock FROM procrastinate_jobs WHERE queueing_lock LIKE %s", [f"%-{run.pk}"])
        return {row[0] for row in cursor.fetchall()}


def test_a_run_is_paused_goes_on_and_is_done_again(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    client.post(reverse("plan_run"), {"cycle": office.cycle.pk, "bill_date": "9/8/2026"})
    run = BillRun.objects.get(status=BillRun.PLANNED)
    page = reverse("run", args=[run.pk])
    ready = client.get(page).content.decode()
    assert "Readiness" in ready and "Reads that are missing" in ready and "Reads by route" in ready
    rows = client.get(reverse("report", args=["run_readiness"]), {"run": run.number, "check": "calendar_differs"})
    assert rows.status_code == 200
    client.post(reverse("run_act", args=[run.pk, "calculate"]))
    client.post(reverse("run_act", args=[run.pk, "pause"]), {"reason": "lunch"})
    paused = client.get(page).content.decode()
    assert "lunch" in paused and "Go on" in paused and "every 1s" not in paused
    client.post(reverse("run_act", args=[run.pk, "resume"]))
    assert "every 1s" in client.get(page).content.decode()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'failed' WHERE queueing_lock = %s", [f"run-{run.pk}"])
    dead = client.get(page).content.decode()
    assert "Start again" in dead and "gave up after several tries" in dead
    client.post(reverse("run_act", args=[run.pk, "restart"]), {"reason": "worker died"})
    calculate_all(act(office.staff["billing"], BILL_2), run)
    client.post(reverse("run_act", args=[run.pk, "recalculate"]), {"reason": "one read was corrected"})
    run.refresh_from_db()
    log = client.get(page).content.decode()
    assert run.status == BillRun.PLANNED and not run.bills.exists()
    for words in ("Taken back, to be done again", "one read was corrected", "worker died", "lunch"):
        assert words in log


def test_who_asked_cannot_decide(office: Office, signed_in: SignedIn) -> None:
    supervisor = office.staff["supervisor"]
    asked = Approval.objects.create(
        kind="billing.post_run", subject="billrun:1", preview={"cents": -5}, requested_by=supervisor, reason="test"
    )
    client, address = signed_in("supervisor"), reverse("approval", args=[asked.pk])
    assert "someone else must decide" in client.get(address).content.decode()
    answer = client.post(address, {"reason": "mine", "decision": "approve"})
    assert answer.status_code == 422 and "someone else must decide" in answer.content.decode()


def test_a_second_run_is_refused_in_words_and_nothing_typed_is_lost(office: Office, signed_in: SignedIn) -> None:
    answer = signed_in("billing").post(reverse("plan_run"), {"cycle": office.cycle.pk, "bill_date": "8/8/2026"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "already has a run" in page and 'value="8/8/2026"' in page


def test_a_wrong_date_says_what_to_type(office: Office, signed_in: SignedIn) -> None:
    answer = signed_in("billing").post(reverse("plan_run"), {"cycle": office.cycle.pk, "bill_date": "8th of May"})
    page = answer.content.decode()
    assert answer.status_code == 422 and "Type a date like 3/12/2026." in page and "8th of May" in page


def test_a_run_can_be_cancelled_with_a_reason(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    client.post(reverse("plan_run"), {"cycle": office.cycle.pk, "bill_date": "9/8/2026"})
    run = BillRun.objects.get(status=BillRun.PLANNED)
    address = reverse("run_act", args=[run.pk, "cancel"])
    assert client.post(address).status_code == 422
    client.post(address, {"reason": "wrong cycle"})
    run.refresh_from_db()
    assert run.status == BillRun.CANCELLED and run.cancelled_by is not None
    assert run.cancelled_by.reason == "wrong cycle"


def test_bills_of_a_calculated_run_open_before_it_is_posted(office: Office, signed_in: SignedIn) -> None:
    client = signed_in("billing")
    client.post(reverse("plan_run"), {"cycle": office.cycle.pk, "bill_date": "9/8/2026"})
    run = BillRun.objects.get(status=BillRun.PLANNED)
    calculate_all(act(office.staff["billing"], BILL_2), run)
    page = client.get(reverse("bill", args=[Bill.objects.filter(run=run)[0].pk])).content.decode()
    assert "Not posted" in page and "Why?" in page


def test_reads_come_in_through_the_page(office: Office, signed_in: SignedIn) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    head = "meter,channel,read_date,read_time,reading,unit,kind,reader,comment\n"
    text = f"{head}E-4471,,2026-10-05,08:00,2100,kWh,actual,,\nE-0000,,2026-10-05,08:00,1,kWh,actual,,\n#END,2\n"
    client, address = signed_in("billing"), reverse("import_reads")

    def send(content: str) -> object:
        file = SimpleUploadedFile("october.csv", content.encode())
        return client.post(address, {"format": "meterbook-reads", "file": file}, follow=True)

    page = send(text).content.decode()  # type: ignore[attr-defined]
    assert "1 of 2 rows loaded, 1 to correct." in page and "E-0000" in page
    assert ImportBatch.objects.get(file_name="october.csv").rejected == 1
    refused = send(text.replace("#END,2\n", ""))
    assert refused.status_code == 422  # type: ignore[attr-defined]
    assert ImportBatch.objects.filter(kind="reads", file_name="october.csv").count() == 1


def test_today_lists_what_waits_for_the_role(office: Office, signed_in: SignedIn) -> None:
    page = signed_in("billing").get("/").content.decode()
    assert "Tuesday, September 8, 2026" in page and "Read rows to correct" in page
    assert "Unidentified payments" in signed_in("cashier").get("/").content.decode()
    csr = signed_in("csr").get("/").content.decode()
    assert "Cases open" in csr and "Approvals to decide" not in csr and "Read rows to correct" not in csr
