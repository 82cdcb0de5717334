"""What a comparison says on the page: outcomes with their sums, parts with their causes in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext, pgettext

from meterbook.web.kit import figures


def outcomes_of(totals: dict[str, Any]) -> list[dict[str, Any]]:
    """Bills and difference in cents by outcome."""
    return [
        {"outcome": name, "bills": totals[name], "cents": totals["difference_cents"][name]}
        for name in ("equal", "explained", "unexplained")
    ]


def parts_of(parts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The services of an account with their days, usage, causes in sentences and lines."""
    return [
        {
            "service": part["service"],
            "point": part["point"],
            "outcome": part["outcome"],
            "ours": _days(part.get("ours")),
            "theirs": _days(part.get("theirs")),
            "causes": [_cause(cause) for cause in part["causes"]],
            "groups": [
                {
                    **group,
                    "ours_named": ", ".join(group["components"]),
                    "theirs_named": ", ".join(group["theirs"]),
                    "difference_cents": group["ours_cents"] - group["theirs_cents"],
                }
                for group in part["groups"]
            ],
        }
        for part in parts
    ]


def _days(side: dict[str, Any] | None) -> str:
    if not side or not side["from"] or not side["to"]:
        return ""
    days = gettext("%(starts)s to %(ends)s") % {
        "starts": figures.day(date.fromisoformat(side["from"])),
        "ends": figures.day(date.fromisoformat(side["to"])),
    }
    if side["usage"] is None:
        return days
    used = figures.decimal_number(Decimal(side["usage"]))
    return gettext("%(days)s, usage %(usage)s") % {"days": days, "usage": used}


def _cause(cause: dict[str, str]) -> str:
    """One cause as a sentence with both figures."""
    values = {"ours": cause["ours"], "theirs": cause["theirs"]}
    match cause["kind"]:
        case "days":
            ours, theirs = (_between(values[side]) for side in ("ours", "theirs"))
            return gettext("They bill other days: %(theirs)s, we bill %(ours)s.") % {"ours": ours, "theirs": theirs}
        case "reads":
            return gettext("They have other reads: usage %(theirs)s, ours is %(ours)s.") % values
        case "rate" if cause["ours"] == "versions in force":
            return gettext("They price with version %(theirs)s, we with the versions in force.") % values
        case "rate":
            return gettext("They price at $%(theirs)s, we at $%(ours)s.") % values
        case _:
            return gettext("They round otherwise: %(theirs)s.") % {"theirs": _rounding(cause["theirs"])}


def _between(days: str) -> str:
    starts, ends = (figures.day(date.fromisoformat(day)) for day in days.split("/"))
    return gettext("%(starts)s to %(ends)s") % {"starts": starts, "ends": ends}


def _rounding(name: str) -> str:
    return {
        "line half-even": pgettext("rounding", "each line, half to even"),
        "line down": pgettext("rounding", "each line, cut off"),
        "line up": pgettext("rounding", "each line, up"),
        "charge half-up": pgettext("rounding", "once per charge, half up"),
        "charge half-even": pgettext("rounding", "once per charge, half to even"),
        "charge down": pgettext("rounding", "once per charge, cut off"),
        "whole units down": pgettext("rounding", "usage in whole units, cut off"),
        "whole units half-up": pgettext("rounding", "usage in whole units, half up"),
    }[name]
