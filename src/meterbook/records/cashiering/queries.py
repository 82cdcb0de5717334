"""Questions the counter's operations and pages ask."""

from __future__ import annotations

from meterbook.records.cashiering.models import Drawer, Receipt
from meterbook.records.cashiering.refusals import DrawerNotOpen
from meterbook.records.platform.models import User


class NoReceipt(LookupError):
    """No such receipt or drawer."""


def open_drawer_of(user: User) -> Drawer | None:
    """The drawer a cashier has that is not closed yet, open or counted."""
    return Drawer.objects.select_related("cashier").filter(cashier=user).exclude(state=Drawer.CLOSED).first()


def drawer_with_id(drawer_id: int) -> Drawer:
    """A drawer with its people; raises `NoReceipt`."""
    found = Drawer.objects.select_related("cashier", "deposit", "closed__actor").filter(pk=drawer_id).first()
    if found is None:
        raise NoReceipt(f"no drawer {drawer_id}")
    return found


def receipt_with_id(receipt_id: int) -> Receipt:
    """A receipt with its drawer and, if any, its void; raises `NoReceipt`."""
    found = Receipt.objects.select_related("drawer__cashier", "void__voided_by", "deed").filter(pk=receipt_id).first()
    if found is None:
        raise NoReceipt(f"no receipt {receipt_id}")
    return found


def receipt_of_key(key: str) -> Receipt | None:
    """The receipt a page's key made, if it made one."""
    return Receipt.objects.select_related("drawer__cashier").filter(key=key).first()


def number_of(receipt: Receipt) -> str:
    """A receipt's number as printed: the drawer, and the place in it."""
    return f"{receipt.drawer_id}-{receipt.number:04d}"


def lock_open(drawer_id: int) -> Drawer:
    """Lock a drawer that must be open until the transaction ends; raises `DrawerNotOpen`."""
    locked = lock_drawer(drawer_id)
    if locked.state != Drawer.OPEN:
        raise DrawerNotOpen(station=locked.station)
    return locked


def lock_drawer(drawer_id: int) -> Drawer:
    """Lock a drawer until the transaction ends."""
    return Drawer.objects.select_for_update(of=("self",), no_key=True).select_related("cashier").get(pk=drawer_id)
