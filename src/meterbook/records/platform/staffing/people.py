"""What the setup pages show of the staff: people, the roles they hold and held, what each role may do."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Count, F, Q, QuerySet

from meterbook.records.platform.deeds import OPERATIONS
from meterbook.records.platform.models import Approval, RoleGrant, User
from meterbook.records.platform.operations.users import DECIDE
from meterbook.records.platform.roles import SYSTEM, TITLES

#: Roles people hold, in the order of their titles.
ROLES = tuple(role for role in TITLES if role != SYSTEM)


def people() -> QuerySet[User, Any]:
    """Everyone who signs in; the system is nobody."""
    return _humans().values("id", "username", "first_name", "last_name", "email", "language", "is_active", "last_login")


def _humans() -> QuerySet[User]:
    return User.objects.exclude(role_grants__role=SYSTEM)


def roles_on(day: date, user_ids: list[int]) -> dict[int, list[str]]:
    """The roles held on a day, by person."""
    found: dict[int, list[str]] = {each: [] for each in user_ids}
    for user, role in RoleGrant.objects.filter(user__in=user_ids, validity__contains=day).values_list(
        "user_id", "role"
    ):
        found[user].append(role)
    return found


def person(username: str) -> User | None:
    """One of the staff by sign-in name, or nothing."""
    return _humans().filter(username=username).first()


def find_grant(grant_id: int) -> RoleGrant | None:
    """One role of one person, or nothing."""
    return RoleGrant.objects.select_related("user").filter(pk=grant_id).exclude(role=SYSTEM).first()


def grants() -> QuerySet[RoleGrant, Any]:
    """Every role somebody holds, held or will hold: the list an access review goes through."""
    return RoleGrant.objects.exclude(role=SYSTEM).values(
        "id", "role", "user_id", username=F("user__username"), first_name=F("user__first_name"),
        last_name=F("user__last_name"), active=F("user__is_active"), last_login=F("user__last_login"),
        first=F("validity__startswith"), until=F("validity__endswith"), given_by=F("deed__actor__username"),
        decided_by=F("deed__approval__decided_by__username"), reason=F("deed__reason"),
    )  # fmt: skip


def grants_of(user: User) -> list[RoleGrant]:
    """The roles of one person, newest first, with who gave them."""
    return list(user.role_grants.select_related("deed__actor").order_by("-validity", "role"))


def deeds_since(day: date) -> dict[int, int]:
    """How many deeds each person did from a day on."""
    rows = User.objects.annotate(n=Count("deeds", filter=Q(deeds__business_date__gte=day)))
    return dict(rows.values_list("pk", "n"))


def asked_about(user: User) -> Approval | None:
    """The request about a role of this person that waits for a second person, or nothing."""
    rows = Approval.objects.select_related("requested_by").filter(kind=DECIDE, status=Approval.PENDING)
    return rows.filter(subject=f"rolegrant:{user.pk}").first()


def operations() -> list[dict[str, Any]]:
    """Every operation with the roles that may perform it, by area."""
    return [
        {"kind": kind, "area": kind.partition(".")[0], "does": _sentence(one.__doc__),
         **{role: role in one.roles for role in ROLES}}
        for kind, one in sorted(OPERATIONS.items())
    ]  # fmt: skip


def _sentence(doc: str | None) -> str:
    """What an operation's docstring says first."""
    first = (doc or "").strip().partition("\n\n")[0].partition(" Raises ")[0]
    return " ".join(first.split()).replace("``", "")
