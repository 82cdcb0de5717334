"""Usage is conserved through exchange, rollover, estimate and true-up, and no order of arrival changes it.

A meter is simulated with what truly passed it. Reads come from the simulation; estimates come from the estimator, made
of whatever had been read by then, or are plain guesses.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from meterbook.engine.metering.estimation.configure import parse
from meterbook.engine.metering.estimation.estimate import ESTIMABLE, EVIDENCE, estimate
from meterbook.engine.metering.estimation.settle import CHAIN, KNOWN, SETTLED, current, settle

MILLION = 10**6
START = date(2026, 1, 1)
POLICY = Path(__file__).parents[4] / "policies" / "alder-bend" / "read-estimation.yaml"
CONFIGURED = parse(yaml.safe_load(POLICY.read_text(encoding="utf-8")))


def chain(rows: list[dict[str, Any]]) -> pl.DataFrame:
    plain = {"register": 1, "dials": 4, "decimals": 0, "multiplier": MILLION, "estimated": False, "break_before": False,
             "version": 1}  # fmt: skip
    return pl.DataFrame([plain | {"read": n} | row for n, row in enumerate(rows, start=1)], schema=dict(KNOWN))


def at(day: int, value: int, **more: Any) -> dict[str, Any]:
    return {"read_on": START + timedelta(day), "value": value * MILLION} | more


def test_ben_s_meter_is_exchanged_after_two_estimates_and_he_pays_for_what_passed() -> None:
    """Old meter 9,990 → (estimated 5, 20) → 14 when removed; the new one from 100 to 160, with one estimate between."""
    frame = current(
        chain(
            [
                at(0, 9990, break_before=True),
                at(30, 5, estimated=True),
                at(60, 20, estimated=True),
                at(70, 14),
                at(70, 100, break_before=True),
                at(100, 110, estimated=True),
                at(130, 160),
            ]
        )
    )
    found = settle(frame)
    assert found.select("starts", "quantity", "rollover", "estimated", "trued_up").rows() == [
        (START, 10 * MILLION, True, True, True),  # to 0, one past the highest number
        (START + timedelta(30), 10 * MILLION, False, True, True),
        (START + timedelta(60), 4 * MILLION, False, False, True),
        (START + timedelta(70), 30 * MILLION, False, True, True),
        (START + timedelta(100), 30 * MILLION, False, False, True),
    ]
    assert found["quantity"].sum() == (24 + 60) * MILLION
    assert found["problem"].null_count() == found.height


def test_what_is_not_trued_up_yet_stands_as_estimated_and_what_cannot_be_keeps_its_problem() -> None:
    open_end = settle(current(chain([at(0, 10), at(30, 25, estimated=True)])))
    assert open_end.select("quantity", "estimated", "trued_up", "problem").row(0) == (15 * MILLION, True, False, None)
    refused = settle(current(chain([at(0, 5000), at(30, 8900, estimated=True), at(60, 1)])))
    assert refused.select("quantity", "trued_up", "problem").rows() == [
        (3900 * MILLION, False, None),
        (None, False, "rollover_implausible"),
    ]
    assert settle(chain([])).schema == SETTLED


def test_a_correction_replaces_the_read_it_corrects_and_an_actual_read_the_estimate_of_its_day() -> None:
    known = chain(
        [at(0, 10), at(30, 99), at(30, 40, version=2), at(60, 70, estimated=True, version=9), at(60, 55), at(60, 0,
         break_before=True)]
    )  # fmt: skip
    assert sorted(current(known)["read"]) == [1, 3, 5, 6]
    assert current(known).schema == CHAIN


@st.composite
def histories(draw: st.DrawFn) -> tuple[list[dict[str, Any]], int]:
    """Everything ever known of one register, and what truly passed it up to the last actual read."""
    dials, decimals = draw(st.integers(3, 6)), draw(st.integers(0, 2))
    step = 10 ** (6 - decimals)
    multiplier = draw(st.sampled_from([1, 10, 40])) * MILLION
    meter = {"dials": dials, "decimals": decimals, "multiplier": multiplier}
    whole = 10**dials * MILLION
    counter = draw(st.integers(0, 10**dials * 10**decimals - 1)) * step
    rows: list[dict[str, Any]] = []
    passed, day = 0, 0

    def say(value: int, **more: Any) -> None:
        rows.append(meter | {"read_on": START + timedelta(day), "value": value, "break_before": False,
                             "estimated": False, "version": 1} | more)  # fmt: skip

    say(counter, break_before=True)
    most = 10 ** (dials - 2) * 10**decimals  # six periods of a stretch stay within a quarter of the dials
    for _ in range(draw(st.integers(1, 4))):
        shown = counter
        for _ in range(draw(st.integers(0, 5))):  # nobody can read it: estimates, right or wrong
            day += draw(st.integers(1, 65))
            used = draw(st.integers(0, most)) * step
            counter, passed = (counter + used) % whole, passed + used
            guess = draw(st.integers(-most, 4 * most)) * step
            shown = (shown + guess) % whole
            say(shown, estimated=True)
            if draw(st.booleans()):
                say((shown + step) % whole, estimated=True, version=2)
        day += draw(st.integers(1, 65))
        used = draw(st.integers(0, most)) * step
        counter, passed = (counter + used) % whole, passed + used
        if draw(st.booleans()):
            say(draw(st.integers(0, 10**dials - 1)) * MILLION)  # misread, corrected afterwards
        if draw(st.booleans()):
            say(draw(st.integers(0, 10**dials - 1)) * MILLION, estimated=True, version=7)  # estimated, then read
        say(counter, version=2)
        if draw(st.booleans()):  # exchanged that day
            counter = draw(st.integers(0, 10**dials - 1)) * MILLION
            say(counter, break_before=True)
    return rows, passed * multiplier // MILLION


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_usage_is_conserved_and_the_order_of_arrival_does_not_matter(data: st.DataObject) -> None:
    histories_of = data.draw(st.lists(histories(), min_size=1, max_size=4))
    known = chain([row | {"register": n} for n, (rows, _) in enumerate(histories_of) for row in rows])
    found = settle(current(known))
    assert found["problem"].null_count() == found.height
    assert found["quantity"].min() >= 0  # type: ignore[operator]
    passed = found.group_by("register").agg(pl.col("quantity").sum()).sort("register")
    assert passed["quantity"].to_list() == [whole for _, whole in histories_of]
    for mine in found.partition_by("register"):
        assert mine["ends"][:-1].to_list() == mine["starts"][1:].to_list()

    arrivals = data.draw(st.permutations(range(known.height)))
    cut = data.draw(st.integers(0, known.height))
    early, late = known[arrivals[:cut]], known[arrivals[cut:]]
    # What was current when the first part was settled, and everything that came after it.
    state = current(pl.concat([known.join(current(early), on=["register", "read"], how="semi"), late]))
    assert settle(state).equals(found)
    assert settle(current(known[arrivals])).equals(found)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 3000), st.booleans()), min_size=2, max_size=12),
    st.integers(0, 99_999),
    st.randoms(),
)
def test_estimates_the_estimator_makes_are_set_right_by_the_next_read(
    months: list[tuple[int, bool]], start: int, random: Any
) -> None:
    """Each month is read or estimated from the month before; in the end the meter is read."""
    rows: list[dict[str, Any]] = [at(0, start, break_before=True, dials=5)]
    counter = shown = start
    empty = dict.fromkeys([*ESTIMABLE, *EVIDENCE])
    for n, (used, is_read) in enumerate([*months, (7, True)], start=1):
        counter = (counter + used) % 100_000
        if is_read:
            shown = counter
        else:
            row = empty | {
                "row": 1, "commodity": "water", "premise_class": "residential", "unit": "ccf", "dials": 5,
                "decimals": 0, "multiplier": MILLION, "estimates_in_row": 0, "previous_value": shown * MILLION,
                "days": 30, "prior_quantity": 1500 * MILLION, "prior_days": 30,
            }  # fmt: skip
            made = estimate(pl.DataFrame([row], schema={**ESTIMABLE, **EVIDENCE}), CONFIGURED)
            shown = made["value"][0] // MILLION
        rows.append(at(30 * n, shown, estimated=not is_read, dials=5))
    if (sum(used for used, _ in months) + 7) > 25_000:
        return  # more than a quarter of the dials within one stretch is nobody's rollover
    found = settle(current(chain(rows)))
    assert found["quantity"].sum() == (sum(used for used, _ in months) + 7) * MILLION
    random.shuffle(rows)
    assert settle(current(chain(rows))).drop("from_read", "to_read").equals(found.drop("from_read", "to_read"))
