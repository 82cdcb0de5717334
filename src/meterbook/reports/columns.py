"""Columns that several reports have."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _

from meterbook.reports.contract import Asked, Column

ACCOUNT = Column("account", _("Account"), "code", filter="text", origin="account", origin_key="account")
METER = Column("meter", _("Meter"), "code", filter="text", origin="meter", origin_key="meter_id")
ADDRESS = Column("address", _("Address"), filter="text", origin="premise", origin_key="premise_id")
ROUTE = Column("route", _("Route"), "code", filter="text", spare=True, origin="route", origin_key="route")
SERVICE = Column(
    "commodity", _("Service"), "words", "commodity", filter="choice", choices=("electricity", "water"), spare=True
)
UNIT = Column("unit", _("Unit"), "code", spare=True)
STARTS = Column("starts", _("From"), "date", spare=True)
ENDS = Column("ends", _("To"), "date")
USED = Column("used", _("Usage"), "quantity", origin="meter", origin_key="meter_id")
ESTIMATED = Column("estimated", _("Estimated"), "flag", spare=True)
BATCH = Column("file_name", _("Read file"), spare=True, origin="batch", origin_key="batch_id")


def always(*columns: Column) -> Callable[[Asked], tuple[Column, ...]]:
    """The same columns whatever is asked."""
    return lambda _asked: columns
