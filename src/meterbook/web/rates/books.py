"""Pages of released rates put together: one version beside its text, two compared, everything in force on one page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from django.http import Http404
from django.utils.translation import gettext

from meterbook.engine.rates.drafts.differences import differences
from meterbook.records.rates import draft_screens, screens
from meterbook.records.rates.golden import golden_bills
from meterbook.records.rates.manuscript import CannotWrite, version_lines
from meterbook.records.rates.queries import tariff_of
from meterbook.web.kit.language import bilingual
from meterbook.web.rates.workbench.review import shown_differences


def version_context(sheet: screens.RateSheet, name: str) -> dict[str, object]:
    """One version: its rates, its text with line numbers, and the golden bills that prove it."""
    version = next((each for each in sheet.versions if each.version == name), None)
    if version is None:
        raise Http404(name)
    try:
        first, text = version_lines(sheet.document.body, name, file=sheet.code)
    except CannotWrite:
        first, text = 1, sheet.document.body
    cases = draft_screens.golden_of(sheet.document)
    until = version.until
    tariff = tariff_of(sheet.document)
    golden = golden_bills(tariff, cases, language=bilingual()) if cases else []
    return {
        "sheet": sheet, "version": version, "title": f"{sheet.code} {name}",
        "lines": list(enumerate(text.split("\n"), start=first)),
        "golden": [each for each in golden if each.ends > version.effective and (until is None or each.starts < until)],
    }  # fmt: skip


def compared(sheet: screens.RateSheet, asked: Mapping[str, str]) -> dict[str, object]:
    """What differs from one version to another: the last two, unless others are asked for."""
    names = [each.version for each in sheet.versions]
    new = asked.get("new") or names[0]
    old = asked.get("old") or names[min(names.index(new) + 1 if new in names else 1, len(names) - 1)]
    if not {old, new} <= set(names):
        raise Http404(f"{old} {new}")
    body = sheet.document.body
    found = differences(body, body, before_version=old, after_version=new)
    return {
        "sheet": sheet, "names": names, "old": old, "new": new, "differences": shown_differences(found),
        "title": gettext("%(code)s: %(old)s and %(new)s") % {"code": sheet.code, "old": old, "new": new},
    }  # fmt: skip


def in_force_sheets(day: date) -> list[screens.RateSheet]:
    """Every schedule with the version in force only, by service and code."""
    rows = draft_screens.schedules(day, bilingual()).order_by("commodity", "code")
    found = []
    for row in rows:
        sheet = screens.rate_sheet(row["code"], day=day, language=bilingual(), translate=gettext)
        assert sheet is not None, "listed a moment ago"
        found.append(replace(sheet, versions=[each for each in sheet.versions if each.in_force]))
    return found
