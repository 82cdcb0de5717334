"""The standing audit on a lived city: each planted defect is found, alone, and nothing in the healthy city is."""

from __future__ import annotations

import sys
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import ProgrammingError

from meterbook.records.billing.integrity.checks import all_checks
from meterbook.records.billing.integrity.operations.audit_accounts import Audited, audit_accounts
from meterbook.records.billing.integrity.operations.decide import (
    assign_findings,
    explain_findings,
    reopen_finding,
    token_of,
)
from meterbook.records.billing.integrity.refusals import FindingMoved, NoExplanation, OwnerCannotWork
from meterbook.records.billing.integrity.screens import finding, sentence
from meterbook.records.billing.models import AuditFinding
from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Deed, Event

planted = sys.modules["planted"]
pytestmark = pytest.mark.django_db


def audit(office: Any, *, later: int = 0) -> Audited:
    """The audit as the technician asks for it, some days later."""
    return audit_accounts(office.act("billing", on=office.today + timedelta(days=later)))


def open_ones() -> set[tuple[str, str]]:
    """Kind and subject of every open finding."""
    return set(AuditFinding.objects.filter(state="open").values_list("kind", "subject"))


def test_a_healthy_city_has_no_finding(office: Any) -> None:
    found = audit(office)
    assert found.compared.by_check == dict.fromkeys(all_checks(), 0)
    assert (found.parcels, found.points, found.meters, found.agreements) == tuple(
        office_counts(office.today)
    )  # fmt: skip
    assert AuditFinding.objects.count() == 0


def office_counts(day: Any) -> list[int]:
    """Parcels, points, meters and agreements of a day, counted one by one."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT (SELECT count(*) FROM places_parcel),
                      (SELECT count(*) FROM places_servicepoint WHERE validity @> %(d)s::date),
                      (SELECT count(*) FROM metering_installation WHERE validity @> %(d)s::date),
                      (SELECT count(*) FROM customers_serviceagreement WHERE validity @> %(d)s::date)""",
            {"d": day},
        )
        return list(cursor.fetchone())


@pytest.mark.parametrize("kind", sorted(all_checks()))
def test_each_defect_is_found_alone(office: Any, kind: str) -> None:
    subject = planted.STORIES[kind](office)
    found = audit(office)
    assert open_ones() == {(kind, subject)}
    assert found.compared.raised == 1
    row = AuditFinding.objects.get()
    words = sentence(row.kind, row.figures, str, lambda name, value: str(value))
    assert "{" not in words and "None" not in words


def test_every_sentence_is_whole(office: Any) -> None:
    """Every sentence can be said of the figures its query gives: no placeholder without a figure of that name."""
    for check in all_checks().values():
        for what, message in check.says.items():
            names = {part.split("}")[0] for part in message.split("{")[1:]}
            assert all(f"'{name}'" in check.sql for name in names), (check.name, what)
            assert what == "" or f"'{what}'" in check.sql, (check.name, what)


def test_two_defects_are_two_findings(office: Any) -> None:
    kinds = [kind for kind in planted.STORIES if kind not in ("usage_without_account", "no_meter")]
    expected = {(kind, planted.STORIES[kind](office)) for kind in kinds}
    audit(office)
    assert open_ones() == expected


def test_a_second_run_changes_nothing_but_the_day_it_was_seen(office: Any) -> None:
    planted.no_meter(office)
    planted.never_billed(office)
    audit(office)
    before = list(AuditFinding.objects.order_by("pk").values())
    again = audit(office)
    assert (again.compared.raised, again.compared.reopened, again.compared.resolved) == (0, 0, 0)
    assert list(AuditFinding.objects.order_by("pk").values()) == before
    audit(office, later=3)
    after = list(AuditFinding.objects.order_by("pk").values())
    day = office.today + timedelta(days=3)
    assert [row | {"last_seen": day} for row in before] == after


def test_what_no_longer_holds_is_resolved_by_the_run(office: Any) -> None:
    parcel = planted.new_parcel("0999-000-09", area=9_000)
    audit(office)
    parcel.impervious_sqft = 0
    parcel.save()
    found = audit(office, later=1)
    row = AuditFinding.objects.get()
    assert found.compared.resolved == 1
    assert (row.state, row.resolved_on) == ("resolved", office.today + timedelta(days=1))
    assert row.decided_by is not None and row.decided_by.kind == "billing.audit_accounts"
    parcel.impervious_sqft = 9_000
    parcel.save()
    audit(office, later=2)
    assert [each.state for each in AuditFinding.objects.order_by("pk")] == ["resolved", "open"]


def test_an_explanation_stands_while_the_facts_do(office: Any) -> None:
    subject = planted.never_billed(office)
    audit(office)
    row = AuditFinding.objects.get(subject=subject)
    count = explain_findings(office.act("billing", "gravel, surveyed in May"), findings=[row.pk], token=token_of([row]))
    assert count == 1
    audit(office, later=1)
    assert AuditFinding.objects.get().state == "explained"
    row.parcel.impervious_sqft = 25_000
    row.parcel.save()
    found = audit(office, later=2)
    row.refresh_from_db()
    assert (found.compared.reopened, row.state, row.figures["area"]) == (1, "open", 25_000)
    assert row.decided_by is not None and row.decided_by.kind == "billing.audit_accounts"


def test_usage_that_grows_reopens_nothing(office: Any) -> None:
    planted.set_never_billed(office)
    audit(office)
    row = AuditFinding.objects.get()
    explain_findings(office.act("supervisor", "city hydrant, billed by hand"), findings=[row.pk])
    statement = "UPDATE metering_usage SET quantity_e6 = quantity_e6 * 2 WHERE service_point_id = %s"
    planted.without_triggers(statement, row.service_point_id)
    audit(office, later=1)
    row.refresh_from_db()
    assert (row.state, row.figures["usage"]) == ("explained", "1280")


def test_decisions_are_refused_in_words(office: Any) -> None:
    planted.never_billed(office)
    audit(office)
    row = AuditFinding.objects.get()
    with pytest.raises(NoExplanation):
        explain_findings(office.act("billing", "  "), findings=[row.pk])
    with pytest.raises(FindingMoved):
        explain_findings(office.act("billing", "seen"), findings=[row.pk], token="another")
    with pytest.raises(FindingMoved):
        explain_findings(office.act("billing", "seen"), findings=[row.pk, row.pk + 1])
    with pytest.raises(FindingMoved):
        reopen_finding(office.act("billing", "again"), finding=row)
    with pytest.raises(OwnerCannotWork):
        assign_findings(office.act("billing"), findings=[row.pk], owner=office.staff["cashier"])
    with pytest.raises(NotPermitted):
        explain_findings(office.act("cashier", "seen"), findings=[row.pk])
    assert AuditFinding.objects.get().state == "open"


def test_owner_and_reopening(office: Any) -> None:
    planted.never_billed(office)
    audit(office)
    row = AuditFinding.objects.get()
    assign_findings(office.act("billing"), findings=[row.pk], owner=office.staff["supervisor"])
    explain_findings(office.act("billing", "seen"), findings=[row.pk])
    reopened = reopen_finding(office.act("supervisor", "not so"), finding=row)
    assert (reopened.state, reopened.owner) == ("open", office.staff["supervisor"])
    found = finding(row.pk)
    assert found is not None and found.decided_by is not None and found.decided_by.reason == "not so"


def test_findings_are_kept_and_one_of_a_kind_is_open(office: Any) -> None:
    planted.never_billed(office)
    audit(office)
    row = AuditFinding.objects.get()
    with pytest.raises(ProgrammingError), transaction.atomic():
        row.delete()
    with pytest.raises(IntegrityError), transaction.atomic():
        AuditFinding.objects.create(
            kind=row.kind, subject=row.subject, severity=1, figures={}, facts={}, first_seen=office.today,
            last_seen=office.today, raised_by=Deed.objects.latest("pk"),
        )  # fmt: skip


def test_the_event_counts(office: Any) -> None:
    planted.never_billed(office)
    audit(office)
    told = Event.objects.filter(kind="billing.accounts_audited").latest("pk").payload
    assert (told["found"], told["raised"], told["by_check"]["never_billed"]) == (1, 1, 1)


def test_money_at_risk_is_the_average_bill_of_the_class(office: Any, rows: Any) -> None:
    subject = planted.connection_without_account(office)
    audit(office)
    found = AuditFinding.objects.get(subject=subject)
    cents, days = rows(
        """SELECT sum(g.amount_cents), sum(g.ends - g.starts) FROM billing_segment g
             JOIN places_servicepoint s ON s.id = g.service_point_id JOIN places_premise p ON p.id = s.premise_id
            WHERE s.commodity = 'refuse' AND p.premise_class = 'residential'"""
    )[0]
    assert found.at_risk_cents is not None
    assert abs(found.at_risk_cents - cents * 30 / days) <= 1
    assert found.at_risk_cents > 0
