"""Dana drafts a price change, submits it, and Ruben releases it: what each may do, and what the database refuses."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from meterbook.engine.rates.tariff import TariffError
from meterbook.records.billing.models import Line
from meterbook.records.billing.operations.enact_rates import (
    AlreadyBilled,
    RunInBetween,
    release_draft,
    return_draft,
    submit_draft,
)
from meterbook.records.billing.rate_study import NothingBilled, study_of
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Approval, Document, Event
from meterbook.records.platform.operations.approvals import SamePerson
from meterbook.records.rates.checking import check
from meterbook.records.rates.models import RateDraft, RateRevision, ReleasedVersion, Schedule
from meterbook.records.rates.obstacles import AnotherSchedule, NothingNew
from meterbook.records.rates.operations.begin_draft import WrongCode, begin_draft
from meterbook.records.rates.operations.release_tariff import HistoryChanged, WrongCases
from meterbook.records.rates.operations.save_draft import DraftClosed, DraftMoved, save_draft
from meterbook.records.rates.operations.withdraw_draft import recall_draft, withdraw_draft
from meterbook.records.rates.queries import newest_revision, tariff_of

pytestmark = pytest.mark.django_db

CASE = """
  - name: "a cart from the new day on"
    starts: {starts}
    ends: {ends}
    determinants: {{carts: "1 standard"}}
    total: "{total}"
"""


def released(code: str = "R-CART") -> Schedule:
    return Schedule.objects.select_related("document__cases").get(code=code)


def with_new_version(schedule: Schedule, effective: str, old: str = "25.43", new: str = "27.00") -> str:
    """The released text with its last version once more, dearer, from a day on."""
    text = schedule.document.body.rstrip("\n") + "\n"
    version = text[text.rindex("  - version:") :]
    known = schedule.versions.latest("effective")
    version = version.replace(f"effective: {known.effective}", f"effective: {effective}")
    return text + version.replace(f'"{known.version}"', f'"{effective[:7]}"').replace(old, new)


def priced_case(schedule: Schedule, text: str, starts: str, ends: str) -> str:
    """The released golden bills and one of the new version, worked by both computations."""
    from meterbook.engine.rates.explain import amounts

    checked = check(text, "", file="x.yaml")
    assert checked.tariff is not None
    key = checked.tariff.required_determinants()[0].choices[0]
    lines = amounts(
        checked.tariff, starts=date.fromisoformat(starts), ends=date.fromisoformat(ends), determinants={"carts": key}
    )
    total = f"{sum(line[4] for line in lines) / 100:.2f}"
    case = CASE.format(starts=starts, ends=ends, total=total).replace("1 standard", key)
    return schedule.document.cases.body.rstrip("\n") + case


def seen(draft: RateDraft) -> dict[str, int]:
    """What a reviewer's page carries: the newest state and the request about it."""
    approval = RateDraft.objects.values_list("approval", flat=True).get(pk=draft.pk)
    return {"revision": newest_revision(draft).sequence, "approval": approval or 0}


@pytest.fixture
def draft(office: Any) -> RateDraft:
    """Dana's draft: carts at $27.00 from 2025 on, with its golden bill."""
    schedule = released()
    text = with_new_version(schedule, "2025-01-01")
    cases = priced_case(schedule, text, "2025-02-01", "2025-03-01")
    return begin_draft(
        office.act("billing", "Resolution 2024-88"), code="R-CART", title="Carts, January", text=text, cases=cases,
        based_on=schedule.document,
    )  # fmt: skip


def test_a_draft_is_kept_state_by_state(office: Any, draft: RateDraft) -> None:
    first = newest_revision(draft)
    second = save_draft(office.act("billing"), draft=draft, revision=1, text=first.body.replace("27.00", "27.50"))
    same = save_draft(office.act("billing"), draft=draft, revision=2, text=second.body.replace("\n", "\r\n"))
    assert (first.sequence, second.sequence, same.pk) == (1, 2, second.pk)
    assert RateRevision.objects.filter(draft=draft).count() == 2
    assert second.cases == first.cases
    assert Event.objects.filter(kind="rates.draft_saved", payload__draft=draft.pk).count() == 1


def test_nobody_writes_over_a_colleague(office: Any, draft: RateDraft) -> None:
    save_draft(office.act("finance"), draft=draft, revision=1, text="schedule: half written")
    with pytest.raises(DraftMoved, match="saved revision 2"):
        save_draft(office.act("billing"), draft=draft, revision=1, text="schedule: mine")


def test_a_wrong_text_is_kept_but_not_submitted(office: Any, draft: RateDraft) -> None:
    body = newest_revision(draft).body
    save_draft(office.act("billing"), draft=draft, revision=1, text=body.replace("27.00", "twenty-seven"))
    with pytest.raises(TariffError, match="twenty-seven"):
        submit_draft(office.act("billing"), draft=draft, revision=2)


def test_what_is_submitted_must_add_something_proven(office: Any, draft: RateDraft) -> None:
    act, state, schedule = office.act("billing"), newest_revision(draft), released()
    save_draft(act, draft=draft, revision=1, text=schedule.document.body, cases=schedule.document.cases.body)
    with pytest.raises(NothingNew):
        submit_draft(act, draft=draft, revision=2)
    save_draft(act, draft=draft, revision=2, text=state.body)
    with pytest.raises(WrongCases, match="no golden bill is charged by version 2025-01"):
        submit_draft(act, draft=draft, revision=3)
    save_draft(act, draft=draft, revision=3, text=state.body.replace("27.00", "27.25"), cases=state.cases)
    with pytest.raises(WrongCases, match="expected"):
        submit_draft(act, draft=draft, revision=4)
    save_draft(act, draft=draft, revision=4, text=state.body.replace("R-CART", "R-BIN"), cases=state.cases)
    with pytest.raises(AnotherSchedule):
        submit_draft(act, draft=draft, revision=5)
    save_draft(act, draft=draft, revision=5, text=state.body.replace("25.43", "25.44"), cases="")
    with pytest.raises((HistoryChanged, WrongCases)):
        submit_draft(act, draft=draft, revision=6)


def test_dana_submits_and_ruben_releases(office: Any, draft: RateDraft) -> None:
    request = submit_draft(office.act("billing", "as council resolved"), draft=draft, revision=1)
    assert request.preview["adds"][0]["version"] == "2025-01"
    revenue = request.preview["revenue"]
    assert revenue["difference_cents"] == revenue["new_cents"] - revenue["old_cents"] == request.amount_cents > 0
    assert revenue["bills_priced"] > 20
    schedule = release_draft(office.act("finance", "reviewed"), draft=draft, **seen(draft))
    draft.refresh_from_db()
    assert (draft.status, draft.document) == ("released", schedule.document)
    document = schedule.document
    assert (document.proposed_by.username, document.released_by.username) == ("billing", "finance")
    assert document.cases.body == newest_revision(draft).cases
    listed = list(
        ReleasedVersion.objects.filter(schedule=schedule).order_by("effective").values_list("version", "document_id")
    )
    assert listed[-1] == ("2025-01", document.pk) and listed[0][1] != document.pk
    assert {"rates.draft_submitted", "rates.draft_released", "rates.tariff_released"} <= set(
        Event.objects.values_list("kind", flat=True)
    )


def test_no_writer_releases_and_no_clerk_does(office: Any, draft: RateDraft) -> None:
    body = newest_revision(draft).body
    save_draft(office.act("supervisor"), draft=draft, revision=1, text=body + "# read\n")
    submit_draft(office.act("billing"), draft=draft, revision=2)
    with pytest.raises(NotPermitted):
        release_draft(office.act("billing"), draft=draft, **seen(draft))
    with pytest.raises(SamePerson):
        release_draft(office.act("supervisor"), draft=draft, **seen(draft))


def test_the_database_refuses_a_writers_release_too(office: Any, draft: RateDraft) -> None:
    submit_draft(office.act("billing"), draft=draft, revision=1)
    document = Document.objects.filter(released_by=office.staff["supervisor"])[0]
    other = begin_draft(office.act("supervisor"), code="R-BIN", title="Bins", text="x")
    with pytest.raises(DatabaseError, match="one of its writers"), transaction.atomic():
        RateDraft.objects.filter(pk=other.pk).update(status="released", document=document, approval=document.approval)


def test_a_submitted_draft_stays_as_it_was_read(office: Any, draft: RateDraft) -> None:
    submit_draft(office.act("billing"), draft=draft, revision=1)
    with pytest.raises(DraftClosed):
        save_draft(office.act("billing"), draft=draft, revision=1, text="other")
    with pytest.raises(DatabaseError, match="is not open"), transaction.atomic():
        RateRevision.objects.create(
            draft=draft, sequence=2, body="x", cases="", sha256="0" * 64, saved_by=office.staff["billing"],
            deed=newest_revision(draft).deed,
        )  # fmt: skip
    with pytest.raises(DatabaseError), transaction.atomic():
        RateRevision.objects.filter(draft=draft).update(body="x")


def test_what_is_sent_back_can_be_put_right(office: Any, draft: RateDraft) -> None:
    submit_draft(office.act("billing"), draft=draft, revision=1)
    return_draft(office.act("finance", "the resolution says 27.25"), draft=draft, **seen(draft))
    draft.refresh_from_db()
    assert (draft.status, draft.approval.status) == ("draft", "refused")
    schedule, text = released(), newest_revision(draft).body.replace("27.00", "27.25")
    cases = priced_case(schedule, text, "2025-02-01", "2025-03-01")
    save_draft(office.act("billing"), draft=draft, revision=1, text=text, cases=cases)
    submit_draft(office.act("billing"), draft=draft, revision=2)
    recall_draft(office.act("billing"), draft=draft)
    draft.refresh_from_db()
    assert (draft.status, draft.approval.status) == ("draft", "withdrawn")
    submit_draft(office.act("billing"), draft=draft, revision=2)
    assert "27.25" in release_draft(office.act("finance"), draft=draft, **seen(draft)).document.body


def test_a_withdrawn_draft_ends_and_leaves_nothing_waiting(office: Any, draft: RateDraft) -> None:
    request = submit_draft(office.act("billing"), draft=draft, revision=1)
    withdraw_draft(office.act("billing", "council tabled it"), draft=draft)
    assert Approval.objects.get(pk=request.pk).status == "withdrawn"
    for again in (withdraw_draft, recall_draft):
        with pytest.raises(DraftClosed):
            again(office.act("finance"), draft=draft)
    with pytest.raises(DraftClosed):
        release_draft(office.act("finance"), draft=draft, **seen(draft))
    with pytest.raises(DatabaseError), transaction.atomic():
        RateDraft.objects.filter(pk=draft.pk).update(status="draft")


def test_rates_that_reach_back_say_so(office: Any) -> None:
    schedule = released()
    text = with_new_version(schedule, "2024-10-01")
    cases = priced_case(schedule, text, "2024-11-01", "2024-12-01")
    act = office.act("billing")
    back = begin_draft(act, code="R-CART", title="Late", text=text, cases=cases, based_on=schedule.document)
    with pytest.raises(AlreadyBilled) as refused:
        submit_draft(act, draft=back, revision=1)
    assert refused.value.bills > 20
    request = submit_draft(act, draft=back, revision=1, reaches_back=True)
    assert request.preview["billed_already"] == refused.value.bills
    release_draft(office.act("finance"), draft=back, **seen(back))


def test_a_run_calculated_with_the_old_rates_is_posted_first(open_office: Any) -> None:
    office = open_office
    schedule = released()
    text = with_new_version(schedule, "2024-11-20")
    cases = priced_case(schedule, text, "2024-12-01", "2025-01-01")
    act = office.act("billing")
    draft = begin_draft(act, code="R-CART", title="November", text=text, cases=cases, based_on=schedule.document)
    submit_draft(act, draft=draft, revision=1)
    office.read("C5", 3)
    run = office.calculate(office.plan("C5", 3))
    assert max(run.read_to, run.service_to) > date(2024, 11, 20)
    with pytest.raises(RunInBetween, match=run.number):
        release_draft(office.act("finance"), draft=draft, **seen(draft))


def test_a_run_after_the_day_charges_the_new_rates(open_office: Any) -> None:
    """The whole promise: two people release, and the next bills are by the new version from its first day."""
    office = open_office
    schedule = released()
    text = with_new_version(schedule, "2024-11-20")
    cases = priced_case(schedule, text, "2024-12-01", "2025-01-01")
    draft = begin_draft(
        office.act("billing"), code="R-CART", title="Nov", text=text, cases=cases, based_on=schedule.document
    )
    submit_draft(office.act("billing"), draft=draft, revision=1)
    release_draft(office.act("finance"), draft=draft, **seen(draft))
    office.read("C5", 3)
    run = office.bill("C5", 3)
    lines = Line.objects.filter(run_id=run.pk, component__in=_components(text))
    by_version = {
        version: (starts, price) for version, starts, price in lines.values_list("version", "starts", "price_e8")
    }
    assert by_version["2024-11"][0] == date(2024, 11, 20)
    assert set(by_version) == {"2024-01", "2024-11"}


def _components(text: str) -> list[str]:
    tariff = check(text, "", file="x").tariff
    assert tariff is not None
    return [component.id for component in tariff.versions[-1].components]


def test_codes_are_codes(office: Any) -> None:
    with pytest.raises(WrongCode):
        begin_draft(office.act("billing"), code="water rates!", title="x", text="x")


def test_a_study_is_of_bills_issued_and_answers_again_at_once(
    office: Any, rows: Callable[..., list[tuple[Any, ...]]]
) -> None:
    schedule = released("W-RES")
    study = study_of(schedule, months=12, on=office.today)
    assert study is study_of(schedule, months=12, on=office.today)
    impact = study.impact(tariff_of(schedule.document))
    billed = rows("SELECT count(*) FROM billing_segment WHERE schedule_id = %s", [schedule.pk])[0][0]
    assert (impact.bills, impact.total.difference) == (billed, 0)
    with pytest.raises(NothingBilled):
        study_of(schedule, months=12, on=date(2030, 1, 1))
