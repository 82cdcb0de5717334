"""The billing calendar on record: proposed, edited within the law, published for good, and taken by bill runs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from meterbook.demo.founding import found_office
from meterbook.demo.policies import enact_policies
from meterbook.demo.sources import POLICY_DIR
from meterbook.records.billing.calendar import queries
from meterbook.records.billing.calendar.models import CalendarDate, CalendarEdition
from meterbook.records.billing.calendar.settled import DateStays
from meterbook.records.billing.calendar.store import BreaksRule, NothingPublished, published
from meterbook.records.billing.operations import (
    cancel_run,
    compute_calendar,
    edit_calendar,
    plan_run,
    publish_calendar,
    withdraw_calendar,
)
from meterbook.records.billing.operations.compute_calendar import EditLost
from meterbook.records.billing.operations.publish_calendar import NothingProposed
from meterbook.records.places.models import Cycle
from meterbook.records.platform.deeds import Act, NotPermitted
from meterbook.records.platform.models import Deed, Event
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.release_policy import WrongPolicy, propose_policy, release_policy

FEB = date(2026, 2, 1)


@pytest.fixture
def staff(db: None) -> Any:
    people = found_office(password="correct-horse-battery")
    enact_policies(people)
    return people


@pytest.fixture
def cycle(staff: Any) -> Cycle:
    return Cycle.objects.create(code="C1", read_day=3)


@pytest.fixture
def act(staff: Any) -> Any:
    return lambda who="billing", on=date(2025, 12, 1): Act(actor=staff[who], business_date=on, reason="calendar")


@pytest.fixture
def calendar(cycle: Cycle, act: Any) -> Cycle:
    """The cycle with its published year 2026."""
    compute_calendar(act(), cycle=cycle, year=2026)
    publish_calendar(act(), cycle=cycle, year=2026)
    return cycle


def day(cycle: Cycle, kind: str, month: date = FEB, status: str = "published") -> date:
    rows = CalendarDate.objects.filter(edition__cycle=cycle, edition__status=status, month=month, kind=kind)
    return rows.order_by("-edition__number")[0].day


def release(staff: Any, old: str, new: str, effective: str = "2026-01-02") -> None:
    """A newer version of the policy, with one text in place of another."""
    text = (POLICY_DIR / "billing-calendar.yaml").read_text(encoding="utf-8")
    assert old in text
    text = text.replace(old, new).replace("effective: 2024-01-01", f"effective: {effective}")
    asks, decides = (Act(staff[who], date(2025, 11, 1), "council") for who in ("supervisor", "finance"))
    request = propose_policy(asks, text=text, file="billing-calendar.yaml")
    approval = decide_approval(decides, request=request, approve=True)
    release_policy(decides, text=text, file="billing-calendar.yaml", approval=approval)


def test_a_year_is_proposed_then_published_with_its_deeds_and_events(cycle: Cycle, act: Any) -> None:
    edition = compute_calendar(act(), cycle=cycle, year=2026)
    assert (edition.status, edition.number, edition.dates.count()) == ("proposed", 1, 144)
    assert queries.published_dates(cycle, date(2026, 2, 5)) == {}
    edition = publish_calendar(act("supervisor"), cycle=cycle, year=2026)
    assert edition.status == "published" and edition.published_at is not None
    assert queries.published_dates(cycle, date(2026, 2, 5))["due"] == date(2026, 2, 26)
    row = edition.dates.get(month=FEB, kind="shutoff")
    assert row.kept[0]["citation"].startswith("Cal. Health & Safety Code 116908") and row.kept[0]["found"] == 61
    assert row.steps[0]["message"] == "{span} {where}, {day}." and row.document.code == "billing-calendar"
    kinds = list(Event.objects.filter(kind__startswith="billing.calendar").values_list("kind", flat=True))
    assert kinds == ["billing.calendar_proposed", "billing.calendar_published"]
    assert Deed.objects.get(kind="billing.publish_calendar").actor.username == "supervisor"


@pytest.mark.parametrize("who", ["csr", "cashier", "auditor", "finance"])
def test_only_billing_and_the_supervisor_may(cycle: Cycle, act: Any, who: str) -> None:
    for operation in (compute_calendar, publish_calendar, withdraw_calendar):
        with pytest.raises(NotPermitted):
            operation(act(who), cycle=cycle, year=2026)
    with pytest.raises(NotPermitted):
        edit_calendar(act(who), cycle=cycle, year=2026, month=FEB, kind="due", day=date(2026, 3, 2))


def test_what_is_published_never_changes_even_by_hand(calendar: Cycle) -> None:
    row = CalendarDate.objects.filter(edition__cycle=calendar)[0]
    for change in (
        lambda: CalendarDate.objects.filter(pk=row.pk).update(day=date(2027, 1, 1)),
        lambda: CalendarDate.objects.filter(pk=row.pk).delete(),
        lambda: CalendarEdition.objects.update(status="proposed"),
        lambda: CalendarEdition.objects.all().delete(),
        lambda: CalendarDate.objects.create(edition=row.edition, month=FEB, kind="tea", place=99, day=FEB, rule_day=FEB,
                                            steps=[], kept=[], document=row.document),
    ):  # fmt: skip
        with pytest.raises(DatabaseError), transaction.atomic():
            change()


def test_an_edit_makes_a_proposal_and_what_is_counted_from_it_follows(calendar: Cycle, act: Any) -> None:
    row = edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="bill", day=date(2026, 2, 9))
    assert row.set_by is not None and (row.day, row.rule_day) == (date(2026, 2, 9), date(2026, 2, 5))
    assert day(calendar, "due") == date(2026, 2, 26)
    assert day(calendar, "due", status="proposed") == date(2026, 3, 2)
    assert day(calendar, "shutoff", status="proposed") == date(2026, 5, 4)
    assert queries.published_dates(calendar, date(2026, 2, 9)) == {}
    publish_calendar(act(), cycle=calendar, year=2026)
    assert queries.published_dates(calendar, date(2026, 2, 9))["due"] == date(2026, 3, 2)
    assert queries.published_dates(calendar, date(2026, 2, 5)) == {}


def test_an_edit_that_breaks_a_minimum_is_refused_by_the_rule_s_name(calendar: Cycle, act: Any) -> None:
    for kind, to, words in (
        ("due", date(2026, 2, 20), "at least 21 days after the bill"),
        ("shutoff", date(2026, 4, 24), "Shutoff never falls on 2026-04-24: Friday."),
        ("shutoff", date(2026, 4, 27), "116908"),
        ("bill", date(2026, 2, 2), "before the last day of reads"),
        ("shutoff_notice", date(2026, 4, 16), "seven business days before"),
    ):
        with pytest.raises(BreaksRule, match=words):
            edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind=kind, day=to, follow=False)
    assert not CalendarEdition.objects.filter(status="proposed").exists()


def test_without_following_every_other_date_stays(calendar: Cycle, act: Any) -> None:
    with pytest.raises(BreaksRule, match="at least 21 days after the bill"):
        edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="bill", day=date(2026, 2, 9), follow=False)
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="reminder", day=date(2026, 3, 4), follow=False)
    assert day(calendar, "penalty", status="proposed") == day(calendar, "penalty")


def test_computing_again_keeps_what_was_set_by_hand(calendar: Cycle, act: Any, staff: Any) -> None:
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="penalty", day=date(2026, 3, 12))
    compute_calendar(act(), cycle=calendar, year=2026)
    assert day(calendar, "penalty", status="proposed") == date(2026, 3, 12)
    publish_calendar(act(), cycle=calendar, year=2026)
    compute_calendar(act(), cycle=calendar, year=2026)
    row = CalendarDate.objects.get(edition__status="proposed", month=FEB, kind="penalty")
    assert row.day == date(2026, 3, 12) and row.set_by is not None and row.set_by.kind == "billing.edit_calendar"
    compute_calendar(act(), cycle=calendar, year=2026, keep_edits=False)
    assert day(calendar, "penalty", status="proposed") == date(2026, 3, 9)


def test_a_new_policy_that_an_edit_breaks_is_said_and_nothing_is_dropped(calendar: Cycle, act: Any, staff: Any) -> None:
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="penalty", day=date(2026, 3, 9))
    release(staff, "  - date: penalty\n    from: due\n    days: 10", "  - date: penalty\n    from: due\n    days: 20")
    release(staff, "      - days: 10\n        after: due", "      - days: 20\n        after: due")
    with pytest.raises(BreaksRule, match="at least 20 days after the due date"):
        compute_calendar(act(), cycle=calendar, year=2026)
    assert day(calendar, "penalty", status="proposed") == date(2026, 3, 9)
    compute_calendar(act(), cycle=calendar, year=2026, keep_edits=False)
    assert day(calendar, "penalty", status="proposed") == date(2026, 3, 18)
    assert day(calendar, "penalty", month=date(2026, 1, 1), status="proposed") == date(2026, 2, 17)


def test_an_edit_of_a_date_the_policy_drops_is_not_lost_in_silence(calendar: Cycle, act: Any, staff: Any) -> None:
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="reminder", day=date(2026, 3, 3))
    release(staff, "  - {date: reminder, from: due, days: 4, avoid: [friday, weekend, holiday]}\n", "")
    with pytest.raises(EditLost, match="reminder of 2026-02"):
        compute_calendar(act(), cycle=calendar, year=2026)


def test_dates_that_have_passed_and_those_of_a_run_stay(calendar: Cycle, act: Any, staff: Any) -> None:
    today = date(2026, 2, 5)
    run = plan_run(act(on=today), cycle=calendar, bill_date=today)
    for kind, words in (("due", "2026-02-05/C1"), ("bill", "2026-02-05/C1"), ("read", "2026-02-05/C1")):
        with pytest.raises(DateStays, match=words):
            edit_calendar(act(on=today), cycle=calendar, year=2026, month=FEB, kind=kind, day=date(2026, 3, 2))
    with pytest.raises(DateStays, match="Bill was on 2026-01-05 and has passed"):
        edit_calendar(act(on=today), cycle=calendar, year=2026, month=date(2026, 1, 1), kind="bill", day=today)
    with pytest.raises(DateStays, match="from today on"):
        edit_calendar(act(on=today), cycle=calendar, year=2026, month=FEB, kind="penalty", day=date(2026, 1, 5))
    release(staff, "{date: bill, from: read, days: 2}", "{date: bill, from: read, days: 3}")
    compute_calendar(act(on=today), cycle=calendar, year=2026)
    assert day(calendar, "bill", status="proposed") == today
    assert day(calendar, "bill", month=date(2026, 1, 1), status="proposed") == date(2026, 1, 5)
    assert day(calendar, "bill", month=date(2026, 3, 1), status="proposed") == date(2026, 3, 6)
    cancel_run(act(on=today), run=run)
    edit_calendar(act(on=today), cycle=calendar, year=2026, month=FEB, kind="due", day=date(2026, 3, 2))


def test_a_run_takes_its_dates_from_the_published_calendar(calendar: Cycle, act: Any) -> None:
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="read_opens", day=date(2026, 1, 30))
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="due", day=date(2026, 3, 3))
    publish_calendar(act(), cycle=calendar, year=2026)
    run = plan_run(act(on=date(2026, 2, 6)), cycle=calendar, bill_date=date(2026, 2, 5))
    assert (run.read_from, run.read_to, run.service_to, run.due_date) == (
        date(2026, 1, 30), date(2026, 2, 5), date(2026, 2, 3), date(2026, 3, 3),
    )  # fmt: skip


def test_a_bill_date_the_calendar_does_not_know_is_planned_as_before(calendar: Cycle, act: Any) -> None:
    run = plan_run(act(on=date(2026, 2, 6)), cycle=calendar, bill_date=date(2026, 2, 6))
    assert (run.read_from, run.read_to, run.service_to, run.due_date) == (
        date(2026, 1, 27), date(2026, 2, 6), date(2026, 2, 3), date(2026, 2, 27),
    )  # fmt: skip


def test_a_proposal_that_time_has_overtaken_is_not_published(calendar: Cycle, act: Any) -> None:
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="bill", day=date(2026, 2, 9))
    run = plan_run(act(on=date(2026, 2, 5)), cycle=calendar, bill_date=date(2026, 2, 5))
    with pytest.raises(DateStays, match="2026-02-05/C1"):
        publish_calendar(act(on=date(2026, 2, 5)), cycle=calendar, year=2026)
    cancel_run(act(on=date(2026, 2, 5)), run=run)
    with pytest.raises(DateStays, match="has passed"):
        publish_calendar(act(on=date(2026, 2, 6)), cycle=calendar, year=2026)
    publish_calendar(act(on=date(2026, 2, 5)), cycle=calendar, year=2026)


def test_a_policy_that_is_no_calendar_is_refused_before_anybody_approves_it(staff: Any) -> None:
    text = (POLICY_DIR / "billing-calendar.yaml").read_text(encoding="utf-8").replace("date: due", "date: dew")
    with pytest.raises(WrongPolicy, match=r"dates\[4\].date: found 'dew', expected one of read_opens"):
        propose_policy(Act(staff["supervisor"], date(2025, 11, 1), "council"), text=text, file="calendar.yaml")


def test_events_count_their_changes(calendar: Cycle, act: Any, staff: Any) -> None:
    first = {(event.month, event.kind): event for event in queries.events(2026)}
    assert len(first) == 144 and {event.sequence for event in first.values()} == {0}
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="penalty", day=date(2026, 3, 10), follow=False)
    publish_calendar(act(), cycle=calendar, year=2026)
    second = {(event.month, event.kind): event for event in queries.events(2026, "C1")}
    assert [key for key, event in second.items() if event.sequence] == [(FEB, "penalty")]
    release(staff, "  - {date: reminder, from: due, days: 4, avoid: [friday, weekend, holiday]}\n", "")
    compute_calendar(act(), cycle=calendar, year=2026)
    publish_calendar(act(), cycle=calendar, year=2026)
    third = {(event.month, event.kind): event for event in queries.events(2026)}
    gone = [event for event in third.values() if event.cancelled]
    assert len(third) == 144 and {(event.kind, event.sequence) for event in gone} == {("reminder", 1)}
    assert third[FEB, "penalty"].sequence == 1 and queries.events(2026, "C9") == []


def test_a_proposal_is_taken_back_and_what_counts_stays(calendar: Cycle, act: Any) -> None:
    counts = published(calendar, 2026)
    edit_calendar(act(), cycle=calendar, year=2026, month=FEB, kind="penalty", day=date(2026, 3, 10))
    withdraw_calendar(act(), cycle=calendar, year=2026)
    assert published(calendar, 2026) == counts
    for operation in (publish_calendar, withdraw_calendar):
        with pytest.raises(NothingProposed):
            operation(act(), cycle=calendar, year=2026)
    with pytest.raises(NothingPublished):
        edit_calendar(act(), cycle=calendar, year=2027, month=date(2027, 2, 1), kind="due", day=date(2027, 3, 9))
