"""Integrity pages: the worklist, one finding, explaining many after a preview, who may, and both languages."""

from __future__ import annotations

from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.records.billing.integrity.operations.audit_accounts import audit_accounts
from meterbook.records.billing.models import AuditFinding
from meterbook.records.places.models import Parcel
from meterbook.web.billing.integrity.listing import COLUMNS


def _planted(office: Office) -> AuditFinding:
    """A measured parcel nobody ever billed, found by the audit."""
    parcel = Parcel.objects.create(number="0999-000-02", owner_name="Marguerite Vance", impervious_sqft=18_000)
    audit_accounts(act(office.staff["billing"], BILL_2))
    return AuditFinding.objects.get(parcel=parcel)


def test_the_worklist_says_what_was_found(office: Office, signed_in: SignedIn) -> None:
    row = _planted(office)
    page = signed_in("auditor").get(reverse("integrity")).content.decode()
    assert "Parcel 0999-000-02 has 18,000 square feet of hard surface, no service point, and never got a bill." in page
    assert reverse("finding", args=[row.pk]) in page
    assert "every one accounted for but" in page
    assert 'name="item"' not in page  # an auditor looks and does not decide


def test_filters_and_csv_keep_to_what_is_asked(office: Office, signed_in: SignedIn) -> None:
    _planted(office)
    client = signed_in("billing")
    assert "0999-000-02" in client.get(reverse("integrity"), {"check": "never_billed"}).content.decode()
    table = client.get(reverse("integrity"), {"check": "no_meter"}).content.decode()
    assert "0999-000-02" not in table
    assert "0999-000-02" not in client.get(reverse("integrity"), {"age": "old"}).content.decode()
    response = client.get(reverse("integrity"), {"as": "csv"})
    lines = b"".join(response.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert lines[0].lstrip("\ufeff").count(",") >= len(COLUMNS) - 1
    assert any("0999-000-02" in line for line in lines[1:])


def test_many_are_explained_as_previewed(office: Office, signed_in: SignedIn) -> None:
    row = _planted(office)
    client = signed_in("billing")
    shown = client.post(reverse("integrity_preview"), {"item": [row.pk], "decision": "explain"})
    token = shown.context["token"]
    row.refresh_from_db()
    assert row.state == "open"
    done = client.post(reverse("integrity_explain"), {"item": [row.pk], "token": token, "reason": "gravel"})
    assert done.status_code == 302
    row.refresh_from_db()
    assert row.state == "explained"
    stale = client.post(reverse("integrity_explain"), {"item": [row.pk], "token": token, "reason": "gravel"})
    assert stale.status_code == 302  # nothing open is left to preview
    client.post(reverse("finding_reopen", args=[row.pk]), {"reason": "paved since"})
    row.refresh_from_db()
    assert row.state == "open"
    nameless = client.post(reverse("integrity_explain"), {"item": [row.pk], "token": "", "reason": " "})
    assert nameless.status_code == 409


def test_a_finding_is_assigned(office: Office, signed_in: SignedIn) -> None:
    row = _planted(office)
    client = signed_in("billing")
    given = {"item": [row.pk], "decision": "assign", "owner": "supervisor", "back": "finding"}
    assert client.post(reverse("integrity_preview"), given).headers["Location"] == reverse("finding", args=[row.pk])
    row.refresh_from_db()
    assert row.owner == office.staff["supervisor"]


def test_a_cashier_looks_and_does_not_decide(office: Office, signed_in: SignedIn) -> None:
    row = _planted(office)
    client = signed_in("cashier")
    assert client.get(reverse("finding", args=[row.pk])).status_code == 200
    assert client.post(reverse("integrity_audit")).status_code == 403
    refused = client.post(reverse("integrity_explain"), {"item": [row.pk], "reason": "no"})
    assert refused.status_code == 403


def test_the_reconciliation_goes_from_parcel_to_bill(office: Office, signed_in: SignedIn) -> None:
    point = office.ana.agreements.get(service_point__commodity="water").service_point
    point.installations.get().meter.registers.update(unit="gal")
    audit_accounts(act(office.staff["billing"], BILL_2))
    row = AuditFinding.objects.get(kind="wrong_unit")
    page = signed_in("billing").get(reverse("finding", args=[row.pk])).content.decode()
    for part in ("W-9001", office.ana.number, "W-RES", office.bill.number, "Meter W-9001 counts in gal"):
        assert part in page


def test_in_spanish(office: Office, signed_in: SignedIn) -> None:
    _planted(office)
    client = signed_in("billing")
    client.cookies["django_language"] = "es"
    page = client.get(reverse("integrity")).content.decode()
    assert "nunca se le hizo una factura" in page
    assert "hard surface" not in page
