"""What stands between a draft and the books: other runs, other drafts, other people, accounts that are not there."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from tests.records.rates.test_drafts import priced_case, released, seen, with_new_version

from meterbook.records.billing.calculate import calculate_chunk
from meterbook.records.billing.models import BilledPeriod
from meterbook.records.billing.operations import enact_rates
from meterbook.records.billing.operations.calculate_run import RatesChanged, calculate_run, start_calculation
from meterbook.records.billing.operations.enact_rates import (
    InReview,
    RunInBetween,
    billed_from,
    release_draft,
    return_draft,
    submit_draft,
)
from meterbook.records.billing.operations.post_run import post_run, request_posting
from meterbook.records.billing.rate_study import study_of
from meterbook.records.ledger.models import LedgerAccount
from meterbook.records.platform.models import Approval
from meterbook.records.platform.operations.approvals import DecidedElsewhere, decide_approval
from meterbook.records.rates.models import RateDraft, Schedule
from meterbook.records.rates.obstacles import SeveralNew, TooLongToRelease, UnknownAccounts
from meterbook.records.rates.operations.begin_draft import WrongCode, begin_draft
from meterbook.records.rates.operations.save_draft import DraftClosed, NotText, save_draft
from meterbook.records.rates.operations.withdraw_draft import NotItsWriter, recall_draft, withdraw_draft
from meterbook.records.rates.queries import newest_revision

pytestmark = pytest.mark.django_db


def begun(office: Any, effective: str = "2025-01-01", text: str = "") -> RateDraft:
    """Dana's draft: carts at $27.00 from a day on, with a golden bill in the second month after."""
    schedule = released()
    body = text or with_new_version(schedule, effective)
    year = int(effective[:4]) + 1
    cases = priced_case(schedule, body, f"{year}-02-01", f"{year}-03-01")
    return begin_draft(
        office.act("billing"), code="R-CART", title="Carts", text=body, cases=cases, based_on=schedule.document
    )


def test_only_what_the_reviewer_saw_is_decided(office: Any) -> None:
    draft = begun(office)
    submit_draft(office.act("billing"), draft=draft, revision=1)
    first = seen(draft)
    recall_draft(office.act("billing"), draft=draft)
    submit_draft(office.act("billing"), draft=draft, revision=1)
    for decide in (release_draft, return_draft):
        with pytest.raises(DraftClosed, match="moved on"):
            decide(office.act("finance"), draft=draft, **first)
        with pytest.raises(DraftClosed, match="moved on"):
            decide(office.act("finance"), draft=draft, **(seen(draft) | {"revision": 2}))
    release_draft(office.act("finance"), draft=draft, **seen(draft))


def test_a_release_is_decided_nowhere_else(office: Any) -> None:
    draft = begun(office)
    body = newest_revision(draft).body
    save_draft(office.act("supervisor"), draft=draft, revision=1, text=body + "# read\n")
    request = submit_draft(office.act("billing"), draft=draft, revision=2)
    for approve in (True, False):
        with pytest.raises(DecidedElsewhere):
            decide_approval(office.act("supervisor"), request=request, approve=approve)
    release_draft(office.act("finance"), draft=draft, **seen(draft))
    assert Approval.objects.get(pk=request.pk).decided_by == office.staff["finance"]


def test_one_new_version_at_a_time(office: Any) -> None:
    text = with_new_version(released(), "2025-01-01", new="99.00")
    last = text[text.rindex("  - version:") :].replace("99.00", "25.50")
    two = text + last.replace("2025-01-01", "2025-02-01").replace('"2025-01"', '"2025-02"')
    draft = begun(office, text=two)
    with pytest.raises(SeveralNew, match="2025-01, 2025-02"):
        submit_draft(office.act("billing"), draft=draft, revision=1)


def test_an_account_outside_the_chart_is_refused_at_each_step(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = begun(office)
    with monkeypatch.context() as patch:
        patch.setattr(enact_rates, "chart_codes", lambda: frozenset({"1000"}))
        with pytest.raises(UnknownAccounts, match="not in the chart"):
            submit_draft(office.act("billing"), draft=draft, revision=1)
    submit_draft(office.act("billing"), draft=draft, revision=1)
    with monkeypatch.context() as patch:
        patch.setattr(enact_rates, "chart_codes", lambda: frozenset({"1000"}))
        with pytest.raises(UnknownAccounts, match="not in the chart"):
            release_draft(office.act("finance"), draft=draft, **seen(draft))


def test_a_second_draft_waits_for_the_first(office: Any) -> None:
    first, second = begun(office), begun(office)
    submit_draft(office.act("billing"), draft=first, revision=1)
    with pytest.raises(InReview):
        submit_draft(office.act("billing"), draft=second, revision=1)


def test_a_stranger_takes_nothing_back(office: Any) -> None:
    draft = begin_draft(office.act("finance"), code="R-NEW", title="x", text="x")
    with pytest.raises(NotItsWriter):
        withdraw_draft(office.act("billing"), draft=draft)
    save_draft(office.act("billing"), draft=draft, revision=1, text="y")
    withdraw_draft(office.act("billing"), draft=draft)
    other = begun(office)
    submit_draft(office.act("billing"), draft=other, revision=1)
    recall_draft(office.act("supervisor"), draft=other)
    assert RateDraft.objects.get(pk=other.pk).status == "draft"


def test_no_code_is_a_page_and_no_text_holds_nul(office: Any) -> None:
    for code in ("list", "Drafts", "versions"):
        with pytest.raises(WrongCode):
            begin_draft(office.act("billing"), code=code, title="x", text="x")
    with pytest.raises(NotText):
        begin_draft(office.act("billing"), code="R-NEW", title="x", text="a\0b")


def test_a_bill_counts_once_however_many_services_it_has(office: Any) -> None:
    schedule = released()
    found = billed_from("R-CART", date(2024, 9, 1))
    assert found is not None
    periods = BilledPeriod.objects.filter(agreement__schedule=schedule, period__endswith__gt=date(2024, 9, 1))
    one = periods.order_by("pk")[0]
    twin = BilledPeriod.objects.exclude(service_point__in=periods.values("service_point")).filter(bill=one.bill)[0]
    type(twin.agreement).objects.filter(pk=twin.agreement_id).update(schedule=schedule)
    again = billed_from("R-CART", date(2024, 9, 1))
    assert again is not None and again.bills == found.bills and again.until == found.until
    assert periods.count() > found.bills


def test_a_schedule_only_moves_to_a_newer_release_of_its_own(office: Any) -> None:
    draft = begun(office)
    before = released().document
    submit_draft(office.act("billing"), draft=draft, revision=1)
    release_draft(office.act("finance"), draft=draft, **seen(draft))
    for document in (before, released("W-RES").document):
        with pytest.raises(DatabaseError, match="newer release of its own"), transaction.atomic():
            Schedule.objects.filter(code="R-CART").update(document=document)


def _begun_run(office: Any) -> Any:
    office.read("C5", 3)
    run = office.plan("C5", 3)
    start_calculation(office.act("billing"), run=run)
    return run


def test_a_run_that_is_begun_keeps_its_rates_out(open_office: Any) -> None:
    office = open_office
    draft = begun(office, "2024-11-20")
    submit_draft(office.act("billing"), draft=draft, revision=1)
    run = _begun_run(office)
    with pytest.raises(RunInBetween, match=run.number):
        release_draft(office.act("finance"), draft=draft, **seen(draft))


def test_a_run_priced_in_part_before_a_release_is_not_sealed(open_office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Even if the release slipped past its own guard."""
    office = open_office
    draft = begun(office, "2024-11-20")
    submit_draft(office.act("billing"), draft=draft, revision=1)
    run = _begun_run(office)
    for chunk in run.chunks.all():
        calculate_chunk(run, chunk)
    monkeypatch.setattr(enact_rates, "_no_run_in_between", lambda code, effective: None)
    release_draft(office.act("finance"), draft=draft, **seen(draft))
    with pytest.raises(RatesChanged, match="R-CART 2024-11"):
        calculate_run(office.act("billing"), run=run)


def test_only_versions_in_use_need_their_accounts(open_office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A version of next year names an account nobody opened yet: this month posts; the month after would not."""
    office = open_office
    text = with_new_version(released(), "2026-01-01")
    at = text.rindex("revenue: ")
    account = text[at:].split('"')[1] if '"' in text[at : at + 12] else text[at:].split()[1].strip("}")
    text = text[:at] + text[at:].replace(account, "9-99999", 1)
    draft = begun(office, "2026-01-01", text)
    monkeypatch.setattr(
        enact_rates, "chart_codes",
        lambda: frozenset({*LedgerAccount.objects.values_list("code", flat=True), "9-99999"}),
    )  # fmt: skip
    submit_draft(office.act("billing"), draft=draft, revision=1)
    release_draft(office.act("finance"), draft=draft, **seen(draft))
    office.read("C5", 3)
    assert office.bill("C5", 3).status == "posted"


def test_a_study_knows_of_every_run_posted(open_office: Any) -> None:
    """Also of one planned earlier and posted later than the newest."""
    office = open_office
    schedule = released("W-RES")
    for cycle in ("C1", "C5"):
        office.read(cycle, 3)
    first, last = office.calculate(office.plan("C1", 3)), office.calculate(office.plan("C5", 3))
    assert first.pk < last.pk

    def post(run: Any) -> int:
        request = request_posting(office.act("billing"), run=run)
        decide_approval(office.act("supervisor"), request=request, approve=True)
        post_run(office.act("billing"), run=run)
        return study_of(schedule, months=12, on=office.today).usage.height

    before = post(last)
    assert post(first) > before


def test_names_longer_than_the_book_keeps_are_told() -> None:
    from types import SimpleNamespace
    from typing import cast

    from meterbook.engine.rates.tariff import Tariff
    from meterbook.records.rates.obstacles import _lengths

    long = SimpleNamespace(title={"en": "T" * 121, "es": "t"}, versions=[SimpleNamespace(version="v" * 41)])
    assert [type(each) for each in _lengths(cast("Tariff", long))] == [TooLongToRelease] * 2
