"""What a draft does to revenue and to bills: priced again on the bills issued, put together for the page."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from time import perf_counter
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.rates.drafts.edits import CannotEdit, edit_numbers
from meterbook.engine.rates.study.prepared import Study
from meterbook.engine.rates.study.report import AccountChange, Impact
from meterbook.engine.rates.tariff import Tariff
from meterbook.records.billing.rate_study import MONTHS, NothingBilled, is_quick, study_of
from meterbook.records.customers.screens import holders
from meterbook.records.platform.queries import business_date
from meterbook.records.rates.checking import check_text
from meterbook.records.rates.numbers import NumberField
from meterbook.web.kit.language import bilingual
from meterbook.web.rates.workbench.chart import bucket_words, distribution
from meterbook.web.rates.workbench.desk import Desk


@dataclass(frozen=True, slots=True)
class Slider:
    """A number that can be dragged: its field, what it is now, how far it goes either way, and in which steps.

    ``shown`` stands in its field, as it was typed. They are texts, so that no language writes them with a comma.
    """

    field: NumberField
    shown: str
    value: str
    low: str
    high: str
    step: str


def slider(field: NumberField, value: Decimal, typed: str | None = None) -> Slider:
    """From half to one and a half of what stands in the draft; around nothing, one either way."""
    reach = abs(field.value) / 2 or Decimal(1)
    step = field.step
    low = ((field.value - reach) / step).to_integral_value(ROUND_FLOOR) * step
    high = ((field.value + reach) / step).to_integral_value(ROUND_CEILING) * step
    shown = f"{value:f}" if typed is None else typed
    return Slider(field, shown, f"{value:f}", f"{min(low, value):f}", f"{max(high, value):f}", f"{step:f}")


def sliders(found: Desk, changes: Mapping[str, Decimal], sent: QueryDict) -> list[tuple[str, list[Slider]]]:
    """The numbers that can be dragged, charge by charge; those that only round or prorate are left to the text."""
    return [
        (
            group.label,
            [slider(field, changes.get(field.path, field.value), sent.get(field.name)) for field in group.fields],
        )
        for group in found.groups
        if group.component != "proration"
    ]


def study(found: Desk, months: int, draft: Tariff | None) -> Study:
    """The bills issued under the draft's schedule; raises `NothingBilled`."""
    if found.released is None:
        raise NothingBilled(gettext("This schedule is new: no bill was issued under it yet."))
    return study_of(found.released, months=months, on=business_date(), draft=draft)


def at_once(found: Desk, months: int) -> bool:
    """Whether the impact can stand on the page when it opens; otherwise the page asks for it when it is there."""
    if found.released is None or found.tariff is None:
        return True
    return is_quick(found.released, months=months, on=business_date(), draft=found.tariff)


def edited(found: Desk, changes: Mapping[str, Decimal]) -> str:
    """The draft's text with these numbers; raises `CannotEdit`."""
    return edit_numbers(found.revision.body, changes, file=found.file)


def first_impact(found: Desk, months: int) -> dict[str, object]:
    """The impact of the draft as saved, or a word that the page asks for it once it is open."""
    if at_once(found, months):
        return impact_context(found, months=months, changes={})
    return {"months": months, "choices": MONTHS, "later": True}


def impact_context(found: Desk, *, months: int, changes: Mapping[str, Decimal]) -> dict[str, object]:
    """The impact of the draft with some numbers changed, or why there is none."""
    context: dict[str, object] = {"months": months, "choices": MONTHS, "changed": len(changes)}
    if found.tariff is None:
        return context | {"reason": _("The text is not a tariff yet. Put it right under Text.")}
    try:
        tariff, problems = check_text(edited(found, changes), file=found.file)
        if tariff is None:
            return context | {"problems": problems, "reason": _("With these numbers it is not a tariff.")}
        made = study(found, months, tariff)
        began = perf_counter()
        impact = made.impact(tariff)
    except (NothingBilled, CannotEdit) as refusal:
        return context | {"reason": str(refusal)}
    return context | {"milliseconds": round((perf_counter() - began) * 1000)} | _shown(impact)


def _shown(impact: Impact) -> dict[str, object]:
    language = bilingual()
    most = [*impact.most_up, *impact.most_down]
    names = holders([each.account for each in most])
    return {
        "impact": impact,
        "chart": distribution(impact.by_dollars),
        "by_percent": [(bucket_words(each, _percent), each.count) for each in impact.by_percent if each.count],
        "affected": sorted((_affected(each, names) for each in most), key=lambda row: -abs(row["change"].difference))[
            :10
        ],
        "components": [(each.label[language], each) for each in impact.components],
    }


def _affected(change: AccountChange, names: Mapping[str, str]) -> dict[str, Any]:
    return {"number": change.account, "name": names.get(change.account, ""), "bills": change.bills,
            "change": change.revenue}  # fmt: skip


def _percent(hundredths: int) -> str:
    return f"{Decimal(hundredths) / 100:+f} %".replace("-", "−")
