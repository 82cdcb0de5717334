"""Every address of the staff app with something to show at it, for tests that visit all of them."""

from __future__ import annotations

from django.urls import reverse
from tests.web import (
    agreed,
    autopay,
    banked,
    beside,
    bounced,
    by_hand,
    cased,
    charged,
    closed,
    connected,
    contacted,
    counter,
    discounted,
    dug,
    enrolled,
    lettered,
    moved,
    ordered,
    paid_online,
    refunded,
    secured,
    shelved,
    tasked,
)
from tests.web.office import Office

from meterbook import reports
from meterbook.records.billing.models import AuditFinding, CalendarDate, Segment, SummaryBill
from meterbook.records.metering.models import FieldRequest, Installation, Read, ReadException, ReadSource, Seal
from meterbook.records.platform.models import Approval, ImportBatch

#: What areas bring themselves: ``arguments(office)``, and where they have some, ``PLAIN``, ``POSTED_ONLY``, ``FILES``.
BROUGHT = (
    agreed, autopay, banked, bounced, by_hand, cased, charged, closed, connected, contacted, counter, discounted,
    dug, lettered, moved, ordered, paid_online, refunded, secured, tasked, shelved,
)  # fmt: skip
#: Pages by name: what `reverse` needs beyond the name is found in the office.
POSTED_ONLY = {
    "keying_row", "retire_read_source", "close_reading",
    "put_away", "theme", "language", "draft_check", "draft_golden_text", "draft_golden_drop", "draft_impact_keep",
    "integrity_preview", "integrity_explain", "integrity_audit", "finding_reopen",
    "exceptions_preview", "exceptions_do", "exception_act",
    "run_register_act", "holds_act", "bill_change_pdf", "withdraw_adjustment", "agency_remit", "agency_export",
}  # fmt: skip
#: Files to download and parts of pages, which are no pages.
FILES = {
    "find_as_typed",
    "exception_panel", "exception_try", "read_photo", "field_photo",
    "adjustment_proof", "agency_file", "agency_statement_pdf", "agency",
    "rate_list_pdf", "schedule_pdf", "draft_impact_file", "bill_pdf", "summary_pdf", "calendar_pdf", "calendar_ics",
    "run_mail_file", "run_mail_again", "winter_letter", "returned_payment_letter",
}  # fmt: skip


def _brought(name: str) -> set[str]:
    """What every area says under a name."""
    return {each for area in BROUGHT for each in getattr(area, name, ())}


POSTED_ONLY |= _brought("POSTED_ONLY")
FILES |= _brought("FILES") | paid_online.OPEN


def arguments(office: Office) -> dict[str, list[object]]:
    """The arguments of every page that needs some."""
    batch = ImportBatch.objects.filter(kind="reads").order_by("pk")[0].pk
    segment = Segment.objects.filter(bill_id=office.bill.pk, commodity="electricity")[0].id
    asked = Approval.objects.filter(kind="billing.post_run")[0].pk
    calendar_day = CalendarDate.objects.filter(edition__status="proposed", kind="shutoff").order_by("month")[11].pk
    run, bill, draft = office.run.pk, office.bill.pk, office.draft.pk
    hangs = Installation.objects.get(meter__serial=office.meter)
    meter, point, seal = hangs.meter_id, hangs.service_point_id, Seal.objects.get(number="S-1001").pk
    doubt = ReadException.objects.get(register__meter__serial="W-9001", read__isnull=False).pk
    read = Read.objects.get(register__meter__serial="E-4471", value=1500).pk
    source = ReadSource.objects.get(name="Handhelds").pk
    asked_for = FieldRequest.objects.get(kind="location").pk
    plan, solar = enrolled.level_plan(office).pk, enrolled.solar_home(office).pk
    winter, compared = enrolled.winter_row(office), enrolled.compared(office)
    period = ["state_energy", "2026-08-01"]
    found: dict[str, list[object]] = {}
    for area in BROUGHT:
        found |= area.arguments(office)
    return found | {
        "suspend_service": [office.ben.number, office.ben.agreements.get().pk],
        "resume_service": [office.ana.number, enrolled.suspension(office).pk],
        "enrol_level_pay": [office.ben.number], "level_pay_plan": [plan], "end_level_pay": [plan, "settle"],
        "solar_account": [solar], "end_solar": [solar], "comparison": [compared.pk], "sign_comparison": [compared.pk],
        "compared_bill": [compared.bills.latest("pk").pk],
        "winter_reset": [winter.reset_id], "winter_act": [winter.reset_id, "request"], "winter_average": [winter.pk],
        "correction": [beside.correction(office).pk], "correction_items": [beside.correction(office).pk],
        "correction_act": [beside.correction(office).pk, "withdraw"],
        "adjustment": [beside.adjustment(office).pk], "reverse_adjustment": [beside.adjustment(office).pk],
        "leak_claim": [beside.claim(office).pk], "remittance": [beside.remittance(office).pk],
        "adjust_account": [office.ana.number], "leak_credit": [office.bill.pk], "agency_statement": period,
        "agency_lines": period, "agency_import": period,
        "field_request": [asked_for], "field_step": [asked_for, "approve"], "field_flag": [point],
        "meter_answers": [meter],
        "exception": [doubt], "question_read": [read],
        "account": [office.ana.number], "account_entries": [office.ana.number], "premise": [office.vacant.pk],
        "read_batch": [batch], "run": [run], "run_progress": [run], "run_bills": [run], "run_holds": [run],
        "run_points": [run, "held"], "run_act": [run, "cancel"], "run_register": [run],
        "bill_change": [bill, "last"], "bill": [bill], "why": [bill, segment, 2],
        "schedule": ["E-RES"], "approval": [asked], "schedule_version": ["W-RES", "2026-03"],
        "compare_versions": ["W-RES"], "draft": [draft], "draft_text": [draft], "draft_golden": [draft],
        "draft_revision": [draft, 1], "draft_differences": [draft], "draft_impact": [draft], "draft_solve": [draft],
        "draft_review": [draft], "draft_act": [draft, "submit"],
        "meter": [meter], "exchange_meter": [meter], "meter_act": [meter, "test"], "remove_seal": [seal],
        "buy_connections": [office.vacant.pk], "route": ["R1"], "edit_route": ["R1"], "location": [point],
        "keying_sheet": ["R1"], "missing_reads": ["C1"], "read_source": [source], "change_read_source": [source],
        "finding": [AuditFinding.objects.latest("pk").pk],
        "opt_out": [point], "report": ["misread_meters"],
        "summary_group": ["MILL"], "summary_act": ["MILL", "join"],
        "summary_bill": [SummaryBill.objects.latest("pk").pk],
        "calendar_year": [2026], "calendar_proposal": [2026], "calendar_month": [2026, 9], "calendar_publish": [2026],
        "calendar_withdraw": [2026], "calendar_date": [calendar_day], "calendar_set": [calendar_day],
    }  # fmt: skip


PLAIN = (
    "today", "find", "accounts", "reads", "import_reads", "corrections", "exceptions", "runs",
    "plan_run", "all_holds",
    "payment_batches", "unplaced_payments", "rate_book", "approvals", "rate_versions", "rate_list", "drafts",
    "final_bills", "plan_off_cycle", "summary_groups", "open_summary_group", "deposits", "record_deposit",
    "begin_draft", "begin_schedule", "calendar", "calendar_compute", "meters", "receive_meters", "seals", "place_seal",
    "routes", "new_route", "opt_outs",
    "integrity", "read_sources", "add_read_source", "expected_reads", "keying", "reports", "field_requests",
    "field_bulk", "alerts",
    "correction_cases", "new_correction", "billed_otherwise", "adjustments", "agencies", "remittances",
    "reader_statistics", "comparisons", "compare_bills", "winter_resets",
    "draw_winter", "winter_newcomers", "solar", "enrol_solar", "level_pay", "level_pay_review",
    *sorted(_brought("PLAIN")),
)  # fmt: skip


def pages(office: Office) -> dict[str, str]:
    """Address by name of every page that answers GET."""
    found = {name: reverse(name) for name in PLAIN}
    found |= {name: reverse(name, args=args) for name, args in arguments(office).items() if name not in FILES}
    every = {f"report {name}": reverse("report", args=[name]) for name in reports.names()}
    return found | every | {"found": f"{reverse('find')}?q=mill"}
