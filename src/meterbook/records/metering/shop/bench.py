"""Tests of meters: judged by the limits in force for their type, stored as they were found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.metering.accuracy import AccuracyRules, Judged, MeterType, due, judge, parse_accuracy
from meterbook.engine.trace import N_
from meterbook.records.metering.models import Meter, MeterTest
from meterbook.records.metering.shop.life import MeterRefused, commodity_word
from meterbook.records.platform.models import Deed
from meterbook.records.platform.policies import NoPolicy, policy

POLICY = "meter-accuracy"
FACTORY, AS_FOUND, AS_LEFT = "factory", "as_found", "as_left"
KINDS = (FACTORY, AS_FOUND, AS_LEFT)


@dataclass(frozen=True, slots=True)
class Bench:
    """What a bench found: the day, percent by point, by whom, with which certificate."""

    tested_on: date
    kind: str
    found: Mapping[str, Decimal]
    tester: str
    certificate: str = ""


def rules_on(day: date) -> AccuracyRules:
    """The limits in force on a day; raises `MeterRefused` where no policy is."""
    try:
        return parse_accuracy(policy(POLICY, day))
    except NoPolicy:
        raise MeterRefused(
            N_("No limits for meter tests are in force on {day}. Release the policy meter-accuracy first."), day=day
        ) from None


def type_of(rules: AccuracyRules, commodity: str, size: str) -> MeterType:
    """How such a meter is tested; raises `MeterRefused` where the limits name none."""
    found = rules.type_of(commodity, size)
    if found is None:
        raise MeterRefused(
            N_("The limits in force name no {commodity} meter of size {size}."),
            commodity=commodity_word(commodity),
            size=size,
        )
    return found


def judged(commodity: str, size: str, bench: Bench, rules: AccuracyRules | None = None) -> tuple[Judged, str]:
    """Judge a test by the limits of its day; returns the judgement and the citation of the limits.

    ``rules`` spares looking up the limits of the day again.
    """
    rules = rules or rules_on(bench.tested_on)
    return judge(type_of(rules, commodity, size), bench.found, used=bench.kind != FACTORY), rules.citation


def judged_test(deed: Deed, meter: Meter, bench: Bench, rules: AccuracyRules | None = None) -> MeterTest:
    """A test with its limits and verdict, not stored yet; raises `MeterRefused` or `WrongMeasurement`."""
    if bench.kind not in KINDS:
        raise MeterRefused(N_("A test is factory, as_found or as_left; found {kind}."), kind=bench.kind)
    if bench.tested_on > deed.business_date:
        raise MeterRefused(
            N_("{day} has not come yet; the business date is {today}."), day=bench.tested_on, today=deed.business_date
        )
    found, citation = judged(meter.commodity, meter.size, bench, rules)
    return MeterTest(
        meter=meter, tested_on=bench.tested_on, kind=bench.kind, points=points_of(found), passed=found.passed,
        tester=bench.tester, certificate=bench.certificate, limits_citation=citation[:300], deed=deed,
    )  # fmt: skip


def points_of(found: Judged) -> list[dict[str, str | bool]]:
    """The points of a test as they are kept: exact decimals as text."""
    return [
        {
            "point": one.name, "at": one.at, "accuracy": f"{one.found:f}", "low": f"{one.band.low:f}",
            "high": f"{one.band.high:f}", "passed": one.passed,
        }
        for one in found.points
    ]  # fmt: skip


def due_on(rules: AccuracyRules, commodity: str, size: str, since: date) -> date | None:
    """When a meter hung or tested on ``since`` is due on the bench; None where the limits name no such meter."""
    kind = rules.type_of(commodity, size)
    return None if kind is None else due(since, kind.every_years)
