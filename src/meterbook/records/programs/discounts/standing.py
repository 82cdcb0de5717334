"""Which programs hold for an account on a day, and what their enrolments tell the tariffs."""

from __future__ import annotations

from datetime import date

from meterbook.engine.billing.discounting.rules import Discounts, Program, parse_discounts
from meterbook.records.customers.models import Account, ServiceAgreement
from meterbook.records.places.facts import state_fact
from meterbook.records.places.models import Determinant, DeterminantKind
from meterbook.records.platform.models import Deed, Document
from meterbook.records.platform.policies import NoPolicy, policy_as
from meterbook.records.programs.models import DiscountEnrolment

#: What a fact says at a point whose customer is in no program.
NONE = "none"


def rules_on(day: date) -> tuple[Document, Discounts]:
    """The programs and their document. Raises `NoPolicy`."""
    return policy_as("discounts", day, parse_discounts)


def programs_of(account_id: int, day: date) -> list[str]:
    """Codes of the programs that hold for an account on a day."""
    rows = DiscountEnrolment.objects.filter(account_id=account_id, validity__contains=day)
    return list(rows.order_by("program").values_list("program", flat=True))


def in_hardship(account_id: int, day: date) -> bool:
    """Whether a program that counts as hardship holds for an account on a day."""
    held = programs_of(account_id, day)
    try:
        known = rules_on(day)[1].programs if held else {}
    except NoPolicy:
        return False
    return any(known[code].hardship for code in held if code in known)


def state_facts(deed: Deed, account: Account, program: Program, *, starts: date, key: str) -> int:
    """Tell the account's service points from a day on; how many were told, none where no tariff asks for the fact."""
    kind = DeterminantKind.objects.filter(name=program.fact, is_key=True).first() if program.fact else None
    if kind is None:
        return 0
    rows = ServiceAgreement.objects.filter(
        account=account, validity__contains=starts, service_point__commodity__in=program.services
    )
    told = 0
    for row in rows.select_related("service_point"):
        if key == NONE and not _says(row.service_point_id, kind, program.key, starts):
            continue
        origin = f"program {program.code}"
        state_fact(deed, service_point=row.service_point, kind=kind, starts=starts, origin=origin, key=key)
        told += 1
    return told


def _says(point: int, kind: DeterminantKind, key: str, day: date) -> bool:
    rows = Determinant.objects.filter(service_point=point, kind=kind, key=key)
    return rows.filter(validity__contains=day).exists()
