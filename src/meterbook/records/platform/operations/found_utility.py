"""Founding: the system's own sign-in in an empty database, then the utility itself."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.db import transaction

from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed, RoleGrant, User, Utility
from meterbook.records.platform.roles import SUPERVISOR, SYSTEM


class AlreadyFounded(ValueError):
    """The database already has sign-ins or a utility."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bill comes from: the fields of `Utility`."""

    code: str
    name: str
    department: str
    address_lines: list[str]
    remit_lines: list[str]
    phone: str
    email: str
    website: str
    office_hours: dict[str, str]
    timezone: str
    due_days: int
    due_days_source: str


def begin(on: date) -> User:
    """Create the ``system`` user, who can never sign in, in a database without any user.

    The one change that no deed stands behind: every deed needs an actor. Raises `AlreadyFounded`.
    """
    with transaction.atomic():
        if User.objects.exists():
            raise AlreadyFounded("this database already has sign-ins")
        system = User(username="system", first_name="Meterbook", is_active=True)
        system.set_unusable_password()
        system.save()
        RoleGrant.objects.create(user=system, role=SYSTEM, validity=(on, None))
    return system


@operation("platform.found_utility", roles={SUPERVISOR})
def found_utility(deed: Deed, *, identity: Identity) -> Utility:
    """Record the utility this installation serves. Raises `AlreadyFounded`, or `ValueError` for what cannot print."""
    if Utility.objects.exists():
        raise AlreadyFounded("a utility is on record")
    ZoneInfo(identity.timezone)
    for field, lines in (("address_lines", identity.address_lines), ("remit_lines", identity.remit_lines)):
        if not 1 <= len(lines) <= 4:
            raise ValueError(f"{field}: found {len(lines)} lines, expected 1 to 4")
    utility = Utility.objects.create(**asdict(identity))
    tell(deed, "platform.utility_founded", utility=utility.pk, code=utility.code)
    return utility
