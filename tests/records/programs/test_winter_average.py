"""The yearly reset of sewer quantities: seen before it counts, put right by hand, agreed to by somebody else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest
from django.db import DatabaseError, connection, transaction

from meterbook.notices.winter_average import letter_documents, render_letters
from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.customers.operations.change_schedule import change_schedule
from meterbook.records.places.models import Determinant, ServicePoint
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.programs.models import WinterAverage, WinterReset
from meterbook.records.programs.winter_average import gather
from meterbook.records.programs.winter_average.operations import newcomers as moves
from meterbook.records.programs.winter_average.operations.newcomers import newcomers, settle_newcomers
from meterbook.records.programs.winter_average.operations.reset import (
    AlreadyApplied,
    ResetNotApproved,
    apply_winter_reset,
    draw_winter_reset,
    override_winter_average,
    request_winter_reset,
)
from meterbook.records.programs.winter_average.rules import WinterRules, winter_rules
from meterbook.records.rates.models import Schedule

pytestmark = pytest.mark.django_db
EFFECTIVE = date(2024, 11, 5)
DAYS = """SELECT lower(d.validity), upper(d.validity), d.number_e6 FROM places_determinant d
            JOIN places_determinantkind k ON k.id = d.kind_id AND k.name = 'winter_average'
           WHERE d.service_point_id = %s ORDER BY 1"""


def sewer_of(account: str) -> ServicePoint:
    agreement = ServiceAgreement.objects.get(account__number=account, service_point__commodity="sewer")
    return agreement.service_point


def drawn(office: Any) -> WinterReset:
    office.advance(EFFECTIVE)
    return draw_winter_reset(office.act("billing"), effective=EFFECTIVE)


def applied(office: Any, reset: WinterReset) -> WinterReset:
    request = request_winter_reset(office.act("billing"), reset=reset)
    decide_approval(office.act("supervisor"), request=request, approve=True)
    return apply_winter_reset(office.act("billing"), reset=reset)


def test_nothing_changes_until_somebody_else_agrees(office: Any) -> None:
    reset = drawn(office)
    assert reset.totals["points"] == reset.rows.count() > 10
    assert not Determinant.objects.filter(validity__startswith=EFFECTIVE).exists()
    with pytest.raises(ResetNotApproved):
        apply_winter_reset(office.act("billing"), reset=reset)
    applied(office, reset)
    assert Determinant.objects.filter(validity__startswith=EFFECTIVE).count() == reset.totals["points"]
    with pytest.raises(AlreadyApplied):
        draw_winter_reset(office.act("billing"), effective=EFFECTIVE)
    with pytest.raises(DatabaseError, match="stays"), transaction.atomic():
        WinterAverage.objects.filter(reset=reset).update(average_e6=1)


def test_a_quantity_that_ends_still_ends_on_its_day(office: Any, rows: Callable[..., Any]) -> None:
    ends, sewer = date(2025, 3, 1), sewer_of("1000041")
    [(since, _, before)] = rows(DAYS, [sewer.pk])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_determinant d SET validity = daterange(lower(validity), %s) FROM places_determinantkind k"
            " WHERE k.id = d.kind_id AND k.name = 'winter_average' AND service_point_id = %s",
            [ends, sewer.pk],
        )
        assert cursor.rowcount == 1
    reset = applied(office, drawn(office))
    after = reset.rows.get(service_point=sewer).set_e6
    assert rows(DAYS, [sewer.pk]) == [(since, EFFECTIVE, before), (EFFECTIVE, ends, after)]


def test_mrs_vega_filled_a_pool_and_is_set_by_hand(office: Any, rows: Callable[..., Any]) -> None:
    reset, sewer = drawn(office), sewer_of("1000041")
    was = reset.rows.get(service_point=sewer)
    with pytest.raises(ValueError, match="reason"):
        override_winter_average(office.act("billing", ""), reset=reset, service_point=sewer, quantity_e6=4_500_000)
    request = request_winter_reset(office.act("billing"), reset=reset)
    act = office.act("billing", "pool filled in January, photo in the file")
    row = override_winter_average(act, reset=reset, service_point=sewer, quantity_e6=was.average_e6 + 10_000_000)
    request.refresh_from_db()
    assert request.status == "withdrawn", "what was asked for is no longer what would be set"
    again = draw_winter_reset(office.act("billing"), effective=EFFECTIVE)
    row = again.rows.get(service_point=sewer)
    assert (again.pk, row.set_e6, row.override_reason) == (
        reset.pk, was.average_e6 + 10_000_000, "pool filled in January, photo in the file",
    )  # fmt: skip
    assert row.cents_after is not None and was.cents_after is not None
    assert row.cents_after - was.cents_after == 3840, "10 ccf at $3.84"
    applied(office, again)
    assert rows(DAYS, [sewer.pk])[-1][2] == row.set_e6


def test_the_revenue_before_and_after_is_the_sum_of_its_points(office: Any) -> None:
    reset = drawn(office)
    rows = list(reset.rows.all())
    assert reset.totals["unpriced_points"] == sum(row.account_id is None for row in rows) < len(rows)
    assert reset.totals["cents_before"] == sum(row.cents_before or 0 for row in rows)
    assert reset.totals["cents_after"] == sum(row.cents_after or 0 for row in rows)
    same = [row for row in rows if row.before_e6 == row.set_e6]
    assert all(row.cents_before == row.cents_after for row in same)


def test_a_limit_in_multiples_of_the_mean_is_the_lower_one(office: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    rules = winter_rules(EFFECTIVE)
    from dataclasses import replace
    from fractions import Fraction

    def usage(_sql: str, params: dict[str, Any], schema: Any) -> Any:
        import polars as pl

        if "quantity" not in schema:
            return pl.DataFrame(
                [(n, 5_000_000, None, None, None) for n in (1, 2, 3)], schema=dict(schema), orient="row"
            )
        told = [
            (n, date(2024, m, 1), date(2024, m, 1) + timedelta(days=29), q * 1_000_000, False)
            for n, q in ((1, 4), (2, 4), (3, 40)) for m in (1, 2, 3)
        ]  # fmt: skip
        return pl.DataFrame(told, schema=dict(schema), orient="row")

    monkeypatch.setattr(gather, "copy_out", usage)

    def averages(rules: WinterRules) -> list[int]:
        return list(gather.drawn(EFFECTIVE, rules)["average"])

    free = averages(rules)
    low = averages(replace(rules, cap_times_mean=Fraction(3, 2)))
    assert low[:2] == free[:2]
    assert abs(low[2] - sum(free) // 2) <= 10_000, "one and a half times the mean of three"
    assert averages(replace(rules, cap=6_000_000, cap_times_mean=Fraction(3, 2)))[2] == 6_000_000


def test_who_moves_in_is_not_billed_by_the_winter_of_who_left(office: Any, rows: Callable[..., Any]) -> None:
    reset = applied(office, drawn(office))
    agreement = ServiceAgreement.objects.get(account__number="1000041", service_point__commodity="sewer")
    sewer, row = agreement.service_point, reset.rows.get(service_point=agreement.service_point)
    moved = EFFECTIVE + timedelta(days=9)
    agreement.validity = (agreement.validity.lower, moved)
    agreement.save()
    other = ServiceAgreement.objects.exclude(account=agreement.account).filter(service_point__commodity="sewer")
    new = other.order_by("pk").first()
    assert new is not None
    ServiceAgreement.objects.create(
        account=new.account, service_point=sewer, schedule=agreement.schedule, validity=(moved, None),
        deed=agreement.deed,
    )  # fmt: skip
    office.advance(moved)
    [found] = [each for each in newcomers(moved) if each.service_point == sewer.pk]
    assert (found.account, found.since, found.before_e6) == (new.account.number, moved, row.set_e6)
    settle_newcomers(office.act("csr"), on=moved, account=new.account.number)
    assert rows(DAYS, [sewer.pk])[-1] == (moved, None, found.after_e6)
    assert settle_newcomers(office.act("csr"), on=moved, account=new.account.number) == []


def moved_between(office: Any, sewer: ServicePoint, account: Any, day: date) -> None:
    """``account`` is served at a sewer point from a day on, in place of whoever was."""
    was = ServiceAgreement.objects.get(service_point=sewer, validity__contains=day)
    was.validity = (was.validity.lower, day)
    was.save()
    ServiceAgreement.objects.create(
        account=account, service_point=sewer, schedule=was.schedule, validity=(day, None), deed=was.deed
    )


def test_another_rate_schedule_makes_nobody_a_newcomer(office: Any) -> None:
    reset = applied(office, drawn(office))
    agreement = ServiceAgreement.objects.get(account__number="1000041", service_point__commodity="sewer")
    other = Schedule.objects.filter(commodity="sewer").exclude(pk=agreement.schedule_id).first()
    assert other is not None and reset.rows.filter(service_point=agreement.service_point).exists()
    changed = EFFECTIVE + timedelta(days=9)
    office.advance(changed)
    change_schedule(office.act("billing"), agreement=agreement, schedule=other, starts=changed)
    assert agreement.service_point_id not in {each.service_point for each in newcomers(changed)}


def test_whoever_was_there_as_long_as_the_books_know_is_no_newcomer(office: Any) -> None:
    assert newcomers(office.today) == []


def test_the_winter_before_another_rate_schedule_is_still_ones_own(office: Any) -> None:
    changed = office.read_day("C1", 2)
    rules = replace(winter_rules(EFFECTIVE), months=(8, 9, 10), minimum_periods=1)
    agreement = ServiceAgreement.objects.get(account__number="1000041", service_point__commodity="sewer")

    def periods() -> int:
        found = gather.drawn(EFFECTIVE, rules).filter(pl.col("service_point") == agreement.service_point_id)
        return int(found["periods"][0])

    office.advance(EFFECTIVE)
    before = periods()
    other = Schedule.objects.filter(commodity="sewer").exclude(pk=agreement.schedule_id).first()
    assert before > 0 and other is not None
    change_schedule(office.act("billing"), agreement=agreement, schedule=other, starts=changed)
    assert periods() == before


def test_who_moves_twice_takes_their_own_winter_along_and_nobody_elses(
    office: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From home to a second house for three weeks, where nobody settled the average, and on to a third."""
    reset = applied(office, drawn(office))
    monkeypatch.setattr(moves, "winter_rules", lambda on: replace(winter_rules(on), newcomer="own"))
    home = ServiceAgreement.objects.get(account__number="1000041", service_point__commodity="sewer")
    others = reset.rows.exclude(service_point=home.service_point).exclude(account=None).order_by("pk")
    second, third = (row.service_point for row in others[:2])
    left, came, on = (EFFECTIVE + timedelta(days=days) for days in (9, 10, 31))
    own = reset.rows.get(service_point=home.service_point).set_e6
    Determinant.objects.filter(service_point=second, validity__contains=left, kind__name="winter_average").update(
        number_e6=own + 7_000_000
    )
    home.validity = (home.validity.lower, left)
    home.save()
    moved_between(office, second, home.account, came)
    moved_between(office, third, home.account, on)
    agreement = ServiceAgreement.objects.get(account=home.account, service_point=second)
    agreement.validity = (came, on)
    agreement.save()
    [found] = [each for each in newcomers(on) if each.service_point == third.pk]
    assert (found.source, found.left, found.after_e6) == ("own", home.service_point.code, own)


def test_a_reset_may_begin_on_a_leap_day(office: Any) -> None:
    office.advance(date(2028, 2, 29))
    assert draw_winter_reset(office.act("billing"), effective=office.today).totals["points"] > 10


def test_every_customer_gets_a_letter_with_what_was_set(office: Any) -> None:
    reset, sewer = drawn(office), sewer_of("1000041")
    printed = render_letters(reset.pk, batch=15)
    assert printed.letters + printed.without_account + len(printed.isolated) == reset.totals["points"]
    assert len(printed.files) >= printed.letters // 15
    assert [signs for _, signs in printed.isolated] == ["林秀英"], "a name no font can print stops nobody else's"
    row = reset.rows.get(service_point=sewer)
    [letter] = letter_documents([row.pk])
    assert letter["rows"][0][2] == f"{row.set_e6 / 1_000_000:g}"
    assert letter["rows"][1][2] == f"{(row.cents_after or 0) / 100:,.2f}"
