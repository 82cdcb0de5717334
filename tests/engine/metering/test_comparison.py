"""The comparison of two meters: equal only when every fact is, whatever the order or the idle zeros."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meterbook.engine.metering.comparison import Counts, Device, compare

HIGH = Counts("high_flow", 6, 2, Decimal(1), "ccf")
LOW = Counts("low_flow", 5, 2, Decimal("1.0"), "ccf")
OLD = Device("W-1", "3", (HIGH, LOW))


def test_nothing_differs() -> None:
    other = Device("W-2", "3", (replace(LOW, multiplier=Decimal("1.000000")), HIGH))
    assert compare(OLD, other).differences == ()
    assert compare(OLD, other) == compare(Device("W-1", "3", (LOW, HIGH)), other)
    assert compare(OLD, other).fingerprint != compare(OLD, replace(other, serial="W-3")).fingerprint


@pytest.mark.parametrize(
    ("new", "says"),
    [
        (replace(OLD, size="4"), ["Size: 3 becomes 4."]),
        (Device("W-1", "3", (replace(HIGH, dials=7), LOW)), [
            "Register high flow, digits before the point: 6 becomes 7."]),
        (Device("W-1", "3", (replace(HIGH, unit="kgal", multiplier=Decimal("0.1")), LOW)), [
            "Register high flow, multiplier: 1 becomes 0.1.", "Register high flow, unit: ccf becomes kgal."]),
        (Device("W-1", "3", (Counts("delivered", 6, 2, Decimal(1), "ccf"),)), [
            "Register delivered is new.", "Register high flow is gone.", "Register low flow is gone."]),
    ],
)  # fmt: skip
def test_what_differs_is_said(new: Device, says: list[str]) -> None:
    assert [each.says.words(str) for each in compare(OLD, new).differences] == says


counts = st.builds(
    Counts, st.sampled_from(["delivered", "received"]), st.integers(3, 9), st.integers(0, 6),
    st.sampled_from([Decimal(1), Decimal(10), Decimal("0.1")]), st.sampled_from(["kWh", "MWh"]),
)  # fmt: skip
devices = st.builds(
    Device, st.sampled_from(["A", "B"]), st.sampled_from(["2S", "9S"]),
    st.lists(counts, min_size=1, max_size=2, unique_by=lambda one: one.channel).map(tuple),
)  # fmt: skip


@given(devices, devices)
def test_no_difference_means_the_same_facts(one: Device, other: Device) -> None:
    same = one.size == other.size and sorted(one.registers, key=str) == sorted(other.registers, key=str)
    assert (compare(one, other).differences == ()) is same
