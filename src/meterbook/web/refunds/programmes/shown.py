"""What the pages of small balances and rebates show beside their rows."""

from __future__ import annotations

from typing import Any

from meterbook.records.platform.policies import NoPolicy
from meterbook.records.platform.queries import business_date
from meterbook.records.refunds.rebates.budget import budgets
from meterbook.records.refunds.rebates.screens import choices
from meterbook.records.refunds.small.finding import small_items
from meterbook.web.kit.cells import Row
from meterbook.web.kit.language import bilingual


def small_shown() -> dict[str, object]:
    """What would be written down today."""
    try:
        found = small_items(business_date())
    except NoPolicy:
        found = []
    return {
        "found": found, "debts_cents": sum(one.cents for one in found if one.cents > 0),
        "credits_cents": sum(one.cents for one in found if one.cents < 0),
    }  # fmt: skip


def budgets_shown() -> list[dict[str, Any]]:
    """Every programme's budget in the reader's language."""
    try:
        return [{"name": one.words[bilingual()], "one": one} for one in budgets(business_date())]
    except NoPolicy:
        return []


def in_words_of_policy(rows: list[Row]) -> None:
    """Programmes by their names in the reader's language."""
    try:
        named = {code: said[bilingual()] for code, said in choices(business_date())}
    except NoPolicy:
        named = {}
    for row in rows:
        row["programme"] = named.get(row["programme"], row["programme"])
