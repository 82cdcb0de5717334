"""Sign-ins of the staff, and the roles they hold for a time."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.contrib.auth.password_validation import validate_password

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, RoleGrant, User
from meterbook.records.platform.roles import SUPERVISOR, SYSTEM, TITLES


class UnknownRole(ValueError):
    """No such role, or one that only the system holds."""


@operation("platform.add_user", roles={SUPERVISOR})
def add_user(
    deed: Deed,
    *,
    username: str,
    name: str,
    email: str,
    roles: Collection[str],
    password: str,
    language: str = "en",
) -> User:
    """Create a sign-in that holds ``roles`` from the business date on.

    Raises `UnknownRole`, Django's ``ValidationError`` for a weak password, ``IntegrityError`` for a taken name.
    """
    given, _, family = name.partition(" ")
    user = User(username=username, first_name=given, last_name=family, email=email, language=language)
    validate_password(password, user)
    user.set_password(password)
    user.save()
    for role in roles:
        _grant(user, role, deed.business_date)
    tell(deed, "platform.user_added", user=user.pk, username=username, roles=sorted(roles))
    return user


@operation("platform.grant_role", roles={SUPERVISOR})
def grant_role(deed: Deed, *, user: User, role: str, starts: date) -> RoleGrant:
    """Let ``user`` hold ``role`` from ``starts`` on. Raises `UnknownRole`."""
    grant = _grant(user, role, starts)
    tell(deed, "platform.role_granted", user=user.pk, role=role)
    return grant


@operation("platform.end_role", roles={SUPERVISOR})
def end_role(deed: Deed, *, grant: RoleGrant, ends: date) -> RoleGrant:
    """Let a grant end: ``ends`` is the first day the role is no longer held."""
    grant.validity = (grant.validity.lower, ends)
    grant.save()
    tell(deed, "platform.role_ended", user=grant.user_id, role=grant.role)
    return grant


def _grant(user: User, role: str, starts: date) -> RoleGrant:
    if role not in TITLES or role == SYSTEM:
        people = sorted(set(TITLES) - {SYSTEM})
        raise UnknownRole(f"found role {role!r}, expected one of {', '.join(people)}")
    return RoleGrant.objects.create(user=user, role=role, validity=(starts, None))
