"""Sign-ins of the staff, and the roles they hold for a time.

Roles that decide about money or about other people's rights (`GUARDED`) take two people: one asks, another decides.
Nobody gives or takes a role of their own.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.db.models import Q

from meterbook.engine.trace import N_, Step
from meterbook.records.platform.deeds import Act, operation, tell
from meterbook.records.platform.models import Approval, Deed, RoleGrant, User
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.roles import FINANCE, SUPERVISOR, SYSTEM, TITLES, roles_of

#: Roles that two people give and take.
GUARDED = frozenset({SUPERVISOR, FINANCE})
DECIDE = "platform.decide_role"


class UnknownRole(ValueError):
    """No such role, or one that only the system holds."""


class RoleRefused(ValueError):
    """Why a role is not given or taken; ``step`` is the sentence."""

    def __init__(self, step: Step) -> None:
        self.step = step
        super().__init__(step.words(str))


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

    Raises `UnknownRole`, `RoleRefused` for a guarded role, Django's ``ValidationError`` for a weak password,
    ``IntegrityError`` for a taken name.
    """
    given, _, family = name.partition(" ")
    if GUARDED & set(roles):
        _not_alone(deed)
    user = User(username=username, first_name=given, last_name=family, email=email, language=language)
    validate_password(password, user)
    user.set_password(password)
    user.save()
    for role in roles:
        _grant(deed, user, role, deed.business_date)
    tell(deed, "platform.user_added", user=user.pk, username=username, roles=sorted(roles))
    return user


@operation("platform.grant_role", roles={SUPERVISOR})
def grant_role(deed: Deed, *, user: User, role: str, starts: date, ends: date | None = None) -> RoleGrant:
    """Let ``user`` hold ``role`` from ``starts`` on, up to and without ``ends``.

    Raises `UnknownRole`; `RoleRefused` for oneself, for a guarded role, for one held already.
    """
    _not_oneself(deed, user)
    if role in GUARDED:
        _not_alone(deed)
    grant = _grant(deed, user, role, starts, ends)
    tell(deed, "platform.role_granted", user=user.pk, role=role)
    return grant


@operation("platform.end_role", roles={SUPERVISOR})
def end_role(deed: Deed, *, grant: RoleGrant, ends: date) -> RoleGrant:
    """Let a grant end: ``ends`` is the first day the role is no longer held. Raises `RoleRefused`."""
    _not_oneself(deed, grant.user)
    if grant.role in GUARDED:
        _not_alone(deed)
    return _end(deed, grant, ends)


@operation("platform.ask_role", roles={SUPERVISOR, FINANCE})
def ask_role(
    deed: Deed, *, user: User, role: str, first: date, ends: date | None = None, grant: RoleGrant | None = None
) -> Approval:
    """Ask a second person to give a guarded role from ``first`` on, or to let ``grant`` end on ``first``.

    Raises `RoleRefused`.
    """
    _not_oneself(deed, user)
    if role not in GUARDED:
        raise RoleRefused(Step(N_("This role needs no second person.")))
    subject = f"rolegrant:{user.pk}"
    if Approval.objects.filter(kind=DECIDE, subject=subject, status=Approval.PENDING).exists():
        raise RoleRefused(Step(N_("A request about {name} waits already."), {"name": str(user)}))
    preview: dict[str, Any] = {
        "person": user.username, "role": role, "does": "end" if grant else "grant", "first_day": first.isoformat(),
        "last_day": (ends - timedelta(days=1)).isoformat() if ends else "", "grant": grant.pk if grant else 0,
    }  # fmt: skip
    asked = Approval.objects.create(
        kind=DECIDE, subject=subject, preview=preview, requested_by=deed.actor, reason=deed.reason
    )
    tell(deed, "platform.approval_requested", approval=asked.pk, kind=DECIDE)
    return asked


@operation(DECIDE, roles={SUPERVISOR, FINANCE})
def decide_role(deed: Deed, *, request: Approval, approve: bool) -> Approval:
    """Give or take a guarded role as it was asked, or refuse it; never by the asker, never by whom it is about.

    Raises `RoleRefused`, and what `decide_approval` refuses.
    """
    user = User.objects.get(pk=int(request.subject.partition(":")[2]))
    _not_oneself(deed, user)
    act = Act(actor=deed.actor, business_date=deed.business_date, reason=deed.reason, approval=request)
    decided = decide_approval(act, request=request, approve=approve)
    if approve:
        said = request.preview
        first = max(date.fromisoformat(said["first_day"]), deed.business_date)
        if said["does"] == "end":
            _end(deed, RoleGrant.objects.select_for_update().get(pk=said["grant"]), first)
        else:
            last = date.fromisoformat(said["last_day"]) + timedelta(days=1) if said["last_day"] else None
            _grant(deed, user, said["role"], first, last)
            tell(deed, "platform.role_granted", user=user.pk, role=said["role"])
    return decided


@operation("platform.deactivate_user", roles={SUPERVISOR})
def deactivate_user(deed: Deed, *, user: User) -> User:
    """Switch a sign-in off at once and let every role end today. Raises `RoleRefused`, also for the last supervisor."""
    _not_oneself(deed, user)
    _not_the_last(deed, user)
    user.is_active = False
    user.save(update_fields=["is_active"])
    day = deed.business_date
    RoleGrant.objects.filter(user=user, validity__startswith__gt=day).delete()
    for grant in RoleGrant.objects.filter(Q(validity__endswith=None) | Q(validity__endswith__gt=day), user=user):
        grant.validity = (grant.validity.lower, max(day, grant.validity.lower + timedelta(days=1)))
        grant.save(update_fields=["validity"])
    tell(deed, "platform.user_deactivated", user=user.pk)
    return user


@operation("platform.reactivate_user", roles={SUPERVISOR})
def reactivate_user(deed: Deed, *, user: User) -> User:
    """Switch a sign-in on again; it holds no role until one is given anew. Raises `RoleRefused`."""
    _not_oneself(deed, user)
    user.is_active = True
    if roles_of(user, deed.business_date) & GUARDED:
        raise RoleRefused(Step(N_("A role that two people give still ends today. Switch the sign-in on tomorrow.")))
    user.save(update_fields=["is_active"])
    tell(deed, "platform.user_reactivated", user=user.pk)
    return user


def _not_oneself(deed: Deed, user: User) -> None:
    if deed.actor.pk == user.pk:
        raise RoleRefused(Step(N_("Nobody gives or takes a role of their own, nor switches their own sign-in off.")))


def _not_alone(deed: Deed) -> None:
    """One person alone does not touch a guarded role; the system does when it founds the office."""
    if SYSTEM not in roles_of(deed.actor, deed.business_date):
        raise RoleRefused(Step(N_("This role is given and taken by two people. Ask for it; a colleague decides.")))


def _not_the_last(deed: Deed, user: User) -> None:
    day = deed.business_date
    held = RoleGrant.objects.filter(role=SUPERVISOR, validity__contains=day, user__is_active=True)
    if SUPERVISOR in roles_of(user, day) and not held.exclude(user=user).exists():
        raise RoleRefused(
            Step(N_("{name} is the last supervisor. Give somebody else the role first."), {"name": str(user)})
        )


def _end(deed: Deed, grant: RoleGrant, ends: date) -> RoleGrant:
    if grant.role == SUPERVISOR:
        _not_the_last(deed, grant.user)
    if ends <= grant.validity.lower:
        raise RoleRefused(Step(N_("The role ends after its first day, {day}."), {"day": grant.validity.lower}))
    grant.validity = (grant.validity.lower, ends)
    grant.save()
    tell(deed, "platform.role_ended", user=grant.user_id, role=grant.role)
    return grant


def _grant(deed: Deed, user: User, role: str, starts: date, ends: date | None = None) -> RoleGrant:
    if role not in TITLES or role == SYSTEM:
        people = sorted(set(TITLES) - {SYSTEM})
        raise UnknownRole(f"found role {role!r}, expected one of {', '.join(people)}")
    if ends is not None and ends <= starts:
        raise RoleRefused(Step(N_("The role ends after its first day, {day}."), {"day": starts}))
    if RoleGrant.objects.filter(user=user, role=role, validity__overlap=(starts, ends)).exists():
        raise RoleRefused(Step(N_("{name} holds this role on one of these days already."), {"name": str(user)}))
    return RoleGrant.objects.create(user=user, role=role, validity=(starts, ends), deed=deed)
