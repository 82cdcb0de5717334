"""Usage of several periods read once: shares add up to what was read, and are proved from the sealed piece again."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.billing.build import build_bills
from meterbook.engine.billing.catch_up import Boundary, periods, share
from meterbook.engine.billing.sealed import canonical, unsealed
from meterbook.engine.billing.verify import usage_disagrees
from meterbook.engine.rates.changing.stretches import CHANGE
from meterbook.engine.rates.tariff import parse_tariff
from meterbook.engine.rates.terms import Change

FIRST, DAY = date(2024, 1, 5), timedelta(days=1)
TARIFF = """
schedule: W
title: {en: Water, es: Agua}
commodity: water
unit: gal
eligibility: {en: Example, es: Ejemplo}
versions:
  - version: "1"
    effective: 2024-01-01
    source: {utility: Alder Bend, resolution: R, section: S, url: u, adopted: 2023-11-01}
    proration: {normal_days: 30, tolerance: [25, 35], usage_decimals: 0, source: s}
    components:
      - {id: use, component: tiered, label: {en: Use, es: Uso}, revenue: "4", quantity: usage,
         tiers: [{up_to: 1000, price: "0.002"}, {price: "0.009"}]}
"""


def piece(used: Decimal, first: date, after: date, starts: date, ends: date) -> dict[str, Any]:
    """A sealed usage piece of which the days from ``starts`` to ``ends`` are billed."""
    frame = pl.DataFrame(
        {"q": [int(used * 10**6)], "first": [first], "after": [after], "starts": [starts], "ends": [ends]}
    )
    own = frame.select(share("q", first="first", after="after", starts="starts", ends="ends")).item()
    return {
        "channel": "delivered", "dials": 6, "from_on": f"{first}", "from_value": "0", "meter": "M", "multiplier": "1",
        "quantity_e6": own, "share": {"from": f"{starts}", "to": f"{ends}"}, "to_on": f"{after}", "to_value": f"{used}",
    }  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(used=st.decimals(0, 900000, places=3), days=st.integers(2, 400), cuts=st.lists(st.integers(1, 399), max_size=12))
def test_shares_add_up_to_what_was_read(used: Decimal, days: int, cuts: list[int]) -> None:
    after = FIRST + days * DAY
    ends = sorted({0, days, *(cut for cut in cuts if cut < days)})
    parts = [piece(used, FIRST, after, FIRST + low * DAY, FIRST + high * DAY) for low, high in itertools.pairwise(ends)]
    assert sum(part["quantity_e6"] for part in parts) == used * 10**6
    for part in parts:
        told = {"usage": Decimal(part["quantity_e6"]).scaleb(-6)}
        assert usage_disagrees([part], told) is None
        first, last = (date.fromisoformat(part["share"][end]) for end in ("from", "to"))
        assert usage_disagrees([part], told, days=(first, last)) is None
        assert usage_disagrees([part], told, days=(first + DAY, last)) is not None
        assert usage_disagrees([{**part, "quantity_e6": part["quantity_e6"] + 1}], told) is not None


def test_what_was_used_before_a_day_is_proved_from_the_reads() -> None:
    pieces = [{**piece(Decimal(30), FIRST, FIRST + 10 * DAY, FIRST, FIRST + 10 * DAY), "share": None},
              {**piece(Decimal(7), FIRST + 10 * DAY, FIRST + 30 * DAY, FIRST, FIRST), "share": None,
               "quantity_e6": 7_000_000}]  # fmt: skip
    told = {"usage": Decimal(37)}
    assert usage_disagrees(pieces, told, [Change(FIRST + 10 * DAY, "usage", Decimal(30))]) is None
    wrong = usage_disagrees(pieces, told, [Change(FIRST + 10 * DAY, "usage", Decimal(31))])
    assert wrong == "reads add up to usage 30 before 2024-01-15, split at 31"


def test_a_boundary_counts_only_if_its_whole_window_went_by() -> None:
    windows = [Boundary(date(2024, month, 2), date(2024, month, 8), date(2024, month, 5)) for month in (1, 2, 3, 4)]
    ends = date(2024, 4, 6)
    assert periods(FIRST, ends, windows) == [FIRST, date(2024, 2, 5), date(2024, 3, 5)]
    read = [date(2024, 2, 3), date(2024, 2, 6), date(2024, 3, 20)]
    assert periods(FIRST, ends, windows, read) == [FIRST, date(2024, 2, 6), date(2024, 3, 5)]
    assert periods(date(2024, 3, 4), ends, windows) == [date(2024, 3, 4)]


def test_usage_spread_over_its_periods_stays_in_the_lower_tier() -> None:
    """Three months read at once: 1 000 gallons of the cheap tier each, where one long bill would scale it by days."""
    tariff = parse_tariff(TARIFF, file="w.yaml")
    after = date(2024, 4, 5)
    bounds = [FIRST, date(2024, 2, 5), date(2024, 3, 5), after]
    parts = [piece(Decimal(2700), FIRST, after, low, high) for low, high in itertools.pairwise(bounds)]
    due = pl.DataFrame({
        "row": [1, 2, 3], "account": [1, 1, 1], "document": [5, 5, 5], "starts": bounds[:-1], "ends": bounds[1:],
        "det.usage": [part["quantity_e6"] for part in parts], "pieces": [[part] for part in parts],
    })  # fmt: skip
    built = build_bills(due, {5: tariff})
    assert built.disagreeing.is_empty()
    assert built.lines["part"].unique().to_list() == [1]
    assert built.lines["quantity"].sum() == 2_700_000_000


def test_what_changed_is_sealed_only_where_something_did() -> None:
    tariff = parse_tariff(TARIFF.replace("quantity: usage,", "quantity: usage, times: dwellings,"), file="w.yaml")
    whole = {"share": None, "quantity_e6": 2_000_000_000}
    pieces = [[{**piece(Decimal(2000), FIRST, FIRST + 31 * DAY, FIRST, FIRST + 31 * DAY), **whole}]] * 2
    change = {"before": FIRST + 10 * DAY, "key": None, "name": "dwellings", "number": 1_000_000}
    due = pl.DataFrame({
        "row": [1, 2], "account": [1, 2], "document": [5, 5], "starts": [FIRST] * 2, "ends": [FIRST + 31 * DAY] * 2,
        "det.usage": [2_000_000_000] * 2, "det.dwellings": [2_000_000] * 2, "pieces": pieces,
        "changes": pl.Series([None, [change]], dtype=pl.List(pl.Struct(CHANGE))),
    })  # fmt: skip
    built = build_bills(due, {5: tariff})
    assert built.disagreeing.is_empty()
    alone, changed = built.sealed["inputs"].to_list()
    assert "changes" not in alone and "share" not in alone
    assert build_bills(due.drop("changes").head(1), {5: tariff}).sealed["inputs"].to_list() == [alone]
    assert '"before":"2024-01-15"' in changed
    assert canonical(changed) == changed
    again = build_bills(unsealed(due.select("row", "account", "document", "starts", "ends").with_columns(
        inputs=built.sealed["inputs"]), tariff), {5: tariff})  # fmt: skip
    assert again.lines.equals(built.lines)
    assert again.sealed.equals(built.sealed)
