"""Who works here and what they may do: given for a time, guarded by two people, listed for a review."""

from __future__ import annotations

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.urls import reverse
from tests.web.conftest import SignedIn
from tests.web.office import Office, act

from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.platform.models import Approval, RoleGrant, User
from meterbook.records.platform.operations import users
from meterbook.records.platform.operations.approvals import DecidedElsewhere, SamePerson, decide_approval
from meterbook.records.platform.queries import business_date
from meterbook.records.platform.roles import CASHIER, CSR, FINANCE, SUPERVISOR, roles_of


def _typed(day: object) -> str:
    return f"{day:%m/%d/%Y}"


def test_a_colleague_is_added_given_a_role_for_a_week_and_switched_off(office: Office, signed_in: SignedIn) -> None:
    boss, day = signed_in("supervisor"), business_date()
    new = {"username": "ines", "name": "Ines Prado", "email": "ines@example.org", "language": "es", "roles": [CSR]}
    weak = boss.post(reverse("add_staff"), {**new, "password": "password"})
    assert weak.status_code == 422
    assert boss.post(reverse("add_staff"), {**new, "password": "four-lamps-and-a-well"}).status_code == 302
    assert (
        "Somebody signs in by this name"
        in boss.post(reverse("add_staff"), {**new, "password": "x" * 14}).content.decode()
    )
    ines = User.objects.get(username="ines")
    given = {"role": CASHIER, "first": _typed(day), "last": _typed(day + timedelta(days=6)), "reason": "holiday cover"}
    assert boss.post(reverse("grant_role", args=["ines"]), given).status_code == 302
    assert roles_of(ines, day + timedelta(days=6)) == {CSR, CASHIER} and roles_of(ines, day + timedelta(days=7)) == {
        CSR
    }
    again = boss.post(reverse("grant_role", args=["ines"]), given)
    assert again.status_code == 422 and "holds this role on one of these days" in again.content.decode()
    boss.post(reverse("switch_sign_in", args=["ines"]), {"reason": "left the city"})
    ines.refresh_from_db()
    assert not ines.is_active and roles_of(ines, day) == frozenset()
    boss.post(reverse("switch_sign_in", args=["ines"]), {"reason": "came back"})
    ines.refresh_from_db()
    assert ines.is_active and roles_of(ines, day + timedelta(days=1)) == frozenset(), "roles are given anew"


def test_the_supervisor_role_takes_two_people(office: Office, signed_in: SignedIn) -> None:
    day, csr, boss = business_date(), office.staff["csr"], signed_in("supervisor")
    with pytest.raises(users.RoleRefused, match="two people"):
        users.grant_role(act(office.staff["supervisor"], day), user=csr, role=SUPERVISOR, starts=day)
    given = {"role": SUPERVISOR, "first": _typed(day), "last": "", "reason": "deputy"}
    assert boss.post(reverse("grant_role", args=["csr"]), given).status_code == 302
    asked = Approval.objects.get(kind="platform.decide_role")
    page = reverse("staff_member", args=["csr"])
    assert (
        "would be held from" in boss.get(page).content.decode()
        and 'value="approve"' not in boss.get(page).content.decode()
    )
    with pytest.raises(SamePerson):
        users.decide_role(act(office.staff["supervisor"], day), request=asked, approve=True)
    with pytest.raises(DecidedElsewhere):
        decide_approval(act(office.staff["finance"], day), request=asked, approve=True)
    with pytest.raises(NotPermitted):
        users.decide_role(act(csr, day), request=asked, approve=True)
    money = signed_in("finance")
    assert page in money.get(reverse("approval", args=[asked.pk])).content.decode()
    assert money.post(page, {"decision": "approve", "reason": "agreed"}).status_code == 302
    assert SUPERVISOR in roles_of(csr, day)


def test_nobody_gives_themselves_a_role_and_the_last_supervisor_stays(office: Office, signed_in: SignedIn) -> None:
    day, boss, money = business_date(), office.staff["supervisor"], office.staff["finance"]
    for role in (CSR, FINANCE):
        refused = signed_in("supervisor").post(
            reverse("grant_role", args=["supervisor"]), {"role": role, "first": _typed(day), "reason": "me"}
        )
        assert refused.status_code == 422 and "a role of their own" in refused.content.decode()
    grant = RoleGrant.objects.get(user=boss, role=SUPERVISOR)
    asked = users.ask_role(act(money, day, "x"), user=boss, role=SUPERVISOR, first=day, grant=grant)
    other = users.add_user(act(office.staff["system"], day), username="max", name="Max Lo", email="m@example.org",
                           roles=[FINANCE], password="correct-horse-battery")  # fmt: skip
    with pytest.raises(users.RoleRefused, match="last supervisor"):
        users.decide_role(act(other, day, "x"), request=asked, approve=True)
    with pytest.raises(users.RoleRefused, match="a role of their own"):
        users.decide_role(act(boss, day, "x"), request=asked, approve=True)


def test_the_access_review_lists_everyone_and_leaves_as_a_file(office: Office, signed_in: SignedIn) -> None:
    reader = signed_in("auditor")
    text = b"".join(reader.get(reverse("access_review") + "?as=csv").streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(StringIO(text)))
    assert {row["Sign-in name"] for row in rows} >= set(office.staff) - {"system"}
    assert "system" not in {row["Sign-in name"] for row in rows}
    matrix = reader.get(reverse("operations") + "?f-kind=take_receipt").content.decode()
    assert "cashiering.take_receipt" in matrix and "billing.plan_run" not in matrix
    assert signed_in("csr").get(reverse("staff")).status_code == 403
    assert "Give a role" not in reader.get(reverse("staff_member", args=["csr"])).content.decode()
