"""Parameters that several reports have, and how what somebody typed becomes a value."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from meterbook.records.billing.models import BillRun
from meterbook.records.places.models import Cycle, Route
from meterbook.reports.contract import Asked, Parameter, Report, WrongParameter

_AMERICAN = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4}|\d{2})")
_LONGEST = 60
_LISTED = 40
_MOST = 1_000_000


def _month_before(today: date) -> date:
    return today - timedelta(days=31)


def _same(today: date) -> date:
    return today


CYCLE = Parameter("cycle", _("Cycle"), "cycle")
ROUTE = Parameter("route", _("Route"), "route")
SINCE = Parameter("since", _("From"), "day", default=_month_before)
UNTIL = Parameter("until", _("To"), "day", default=_same)
AS_OF = Parameter("as_of", _("As of"), "day", default=_same)


def asked(report: Report, given: Mapping[str, str], today: date) -> Asked:
    """Read what was typed or given on the command line; what is left out becomes its default.

    Raises `WrongParameter` for a name the report does not have, a value that cannot be read, or days that end before
    they begin.
    """
    known = {each.name: each for each in report.parameters}
    for name in given:
        if name not in known:
            raise WrongParameter(name, given[name], ", ".join(known))
    values = {name: _value(each, given.get(name, "").strip(), today) for name, each in known.items()}
    for each in report.parameters:
        _known(each, str(values[each.name]))
    if "since" in values and "until" in values and values["since"] > values["until"]:
        raise WrongParameter("until", str(values["until"]), _("a day not before %(day)s") % {"day": values["since"]})
    return Asked(today, values)


def _value(parameter: Parameter, text: str, today: date) -> Any:
    if not text:
        return parameter.default(today) if parameter.default else (parameter.least if parameter.kind == "count" else "")
    if parameter.kind == "day":
        return _day(parameter.name, text)
    if parameter.kind == "count":
        if not (text.isascii() and text.isdigit() and len(text) < 8 and parameter.least <= int(text) <= _MOST):
            raise WrongParameter(parameter.name, text, _("a whole number from %(least)s") % {"least": parameter.least})
        return int(text)
    if parameter.choices is not None and text not in parameter.choices:
        raise WrongParameter(parameter.name, text, ", ".join(each for each in parameter.choices if each))
    if len(text) > _LONGEST or "\0" in text:
        raise WrongParameter(parameter.name, text[:_LONGEST], _("a shorter code"))
    return text


def _known(parameter: Parameter, code: str) -> None:
    """Refuse a cycle or a route nobody has: an empty report would say that all is well there."""
    if parameter.kind == "run":
        _known_run(parameter, code)
    kinds: dict[str, type[Cycle | Route]] = {"cycle": Cycle, "route": Route}
    if code and parameter.kind in kinds:
        known = list(kinds[parameter.kind].objects.order_by("code").values_list("code", flat=True)[:_LISTED])
        if code not in known and not kinds[parameter.kind].objects.filter(code=code).exists():
            raise WrongParameter(parameter.name, code, ", ".join(known))


def _known_run(parameter: Parameter, number: str) -> None:
    """Refuse a run nobody planned; without one there is nothing to report on."""
    if not BillRun.objects.filter(number=number).exclude(status=BillRun.CANCELLED).exists():
        newest = BillRun.objects.exclude(status=BillRun.CANCELLED).order_by("-bill_date", "-id")
        numbers = ", ".join(newest.values_list("number", flat=True)[:8])
        raise WrongParameter(parameter.name, number, numbers or _("a bill run: none is planned yet"))


def _day(name: str, text: str) -> date:
    """A day as people type it: 2026-03-12, 3/12/2026 or 3-12-26.

    >>> _day("since", "3/12/26")
    datetime.date(2026, 3, 12)
    """
    try:
        if found := _AMERICAN.fullmatch(text):
            year = int(found[3])
            day = date(year + 2000 if year < 100 else year, int(found[1]), int(found[2]))
        else:
            day = date.fromisoformat(text)
    except ValueError:
        raise WrongParameter(name, text, _("a date like 3/12/2026")) from None
    if not 1900 <= day.year <= 2200:
        raise WrongParameter(name, text, _("a date like 3/12/2026"))
    return day
