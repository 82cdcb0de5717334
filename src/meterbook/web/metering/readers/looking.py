"""What stands out among reads by people, ready to be shown: sorted, in words, with its threshold."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from meterbook.engine.metering.readers import measures
from meterbook.engine.metering.readers.anomalies import CAUTION, words
from meterbook.records.metering.reading_statistics.gather import by_reader, look, route_codes
from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.cells import unformula
from meterbook.web.kit.tables import typed

SORTS = ("strength", "reader", "route", "measure", "n")


@dataclass(frozen=True, slots=True)
class Shown:
    """One thing that stands out: of whom and where, what is measured, in words, and how strongly, in percent."""

    reader: str
    route: str
    measure: str
    sentence: str
    strength: int
    n: int


def context(request: HttpRequest) -> dict[str, Any]:
    """The page: span, what stands out, sums by reader and route; or that no policy says what to measure."""
    title = _("Readers and routes")
    today = business_date()
    since, until = _day(request, "since"), _day(request, "until")
    try:
        looked = look(today, since=since, until=until + timedelta(days=1) if until else None)
    except NoPolicy:
        return {"title": title, "rows": [], "no_policy": True}
    codes = route_codes()
    rows = [_shown(row, codes) for row in looked.found.iter_rows(named=True)]
    asked = typed(request, "sort").lstrip("-")
    chosen, down = (asked, typed(request, "sort").startswith("-")) if asked in SORTS else ("strength", True)
    rows.sort(key=lambda each: getattr(each, chosen), reverse=down)
    sums = [{**each, "route": codes.get(each["route"], ""), "reader": each["reader"] or _("not named")}
            for each in by_reader(looked)]  # fmt: skip
    return {
        "title": title, "rows": rows, "sums": sums, "since": looked.since, "until": looked.until - timedelta(days=1),
        "reads": looked.reads, "caution": _(CAUTION), "settings": looked.configured.settings,
        "citation": looked.configured.citation, "heads": _heads(chosen, down=down),
        "span": {name: typed(request, name) for name in ("since", "until") if typed(request, name)},
    }  # fmt: skip


def as_csv(shown: dict[str, Any]) -> HttpResponse:
    """What stands out, as it is sorted, for a spreadsheet."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Reader"), _("Route"), _("What"), _("In words"), _("Percent of the threshold"), _("Reads")])
    for each in shown["rows"]:
        texts = (each.reader, each.route, each.measure, each.sentence)
        writer.writerow([*map(unformula, texts), each.strength, each.n])
    response = HttpResponse(f"\ufeff{out.getvalue()}", content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="readers-and-routes.csv"'
    return response


def _heads(chosen: str, *, down: bool) -> list[dict[str, str]]:
    titles = {"reader": _("Reader"), "route": _("Route"), "measure": _("What"), "strength": _("Strength"),
              "n": _("Reads")}  # fmt: skip
    found = []
    for name, title in titles.items():
        now = name == chosen
        link = f"-{name}" if (now and not down) or (not now and name in ("strength", "n")) else name
        found.append({"name": name, "title": title, "sort": link,
                      "direction": ("descending" if down else "ascending") if now else ""})  # fmt: skip
    return found


def _shown(row: dict[str, Any], codes: dict[int, str]) -> Shown:
    return Shown(
        row["reader"] or _("not named"), codes.get(row["route"]) or _("all routes"),
        _(measures.measure(row["measure"]).title), words(row)[0].words(_), row["strength"], row["n"],
    )  # fmt: skip


def _day(request: HttpRequest, name: str) -> date | None:
    try:
        return date.fromisoformat(typed(request, name))
    except ValueError:
        return None
