"""The reports by area."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from meterbook import reports
from meterbook.reports.contract import AREAS, Report

TITLES: dict[str, Promise | str] = {"reads": _("Reads"), "usage": _("Usage"), "meters": _("Meters"),
                                         "billing": _("Bill runs")}  # fmt: skip


def by_area() -> list[tuple[Promise | str, list[Report]]]:
    """Each area's title and its reports in the order of their titles as read."""
    every = [reports.report(name) for name in reports.names()]
    return [
        (TITLES[area], sorted((one for one in every if one.area == area), key=lambda one: str(one.title)))
        for area in AREAS
    ]
