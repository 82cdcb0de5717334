"""Questions about customers that other areas and commands ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from meterbook.records.customers.models import Account, ForwardingAddress, ServiceAgreement
from meterbook.records.places.models import Premise


def account_numbered(number: str) -> Account:
    """The account with a number; raises `LookupError`."""
    found = Account.objects.select_related("holder", "cycle").filter(number=number).first()
    if found is None:
        raise LookupError(f"no account {number}")
    return found


def premise_last_served(account: Account) -> Premise:
    """The premise of the account's newest agreement; raises `LookupError` if it never had one."""
    newest = account.agreements.select_related("service_point__premise").order_by("-validity", "-pk").first()
    if newest is None:
        raise LookupError(f"account {account.number} has never been served anywhere")
    return newest.service_point.premise


def agreements_at_points(codes: Sequence[str]) -> list[ServiceAgreement]:
    """Every agreement at some service points, by the points' codes."""
    found = ServiceAgreement.objects.filter(service_point__code__in=codes)
    return list(found.select_related("schedule__document", "account").order_by("pk"))


def mail_lines(wanted: Mapping[int, date]) -> dict[int, list[str]]:
    """Where an account's mail goes on a day, by account id; accounts that forward nothing are left out."""
    rows = ForwardingAddress.objects.filter(account__in=wanted).values_list("account_id", "lines", "validity")
    return {account: list(lines) for account, lines, validity in rows if _holds(validity, wanted[account])}


def _holds(validity: Any, day: date) -> bool:
    return bool(validity.lower <= day and (validity.upper is None or day < validity.upper))
