"""The policy ``reader-statistics``: which measures, and from which strength on they are worth a look."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from meterbook.engine.metering.estimation.document import Place, PolicyProblem, WrongPolicy
from meterbook.engine.metering.readers import measures
from meterbook.engine.metering.readers.chance import CRITICAL
from meterbook.engine.metering.readers.contract import Settings

_NEEDED = ("policy", "citation", "effective", "measures", "significance", "least_reads", "least_expected", "pace",
           "one_instant")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Configured:
    """The policy in force."""

    citation: str
    effective: date
    measures: tuple[str, ...]
    settings: Settings


def parse(document: Mapping[str, object]) -> Configured:
    """Read the document of the policy ``reader-statistics``; raise `WrongPolicy` with everything wrong with it."""
    problems: list[PolicyProblem] = []
    root = Place(dict(document), "", problems).entries(_NEEDED)
    if len(root) == len(_NEEDED):
        pace = root["pace"].entries(("reads_a_minute", "window_minutes"))
        instant = root["one_instant"].entries(("share",))
        root["policy"].choice(["reader-statistics"])
        chosen = tuple(one.choice(measures.names()) for one in root["measures"].items())
        significance = root["significance"].choice([str(level) for level in CRITICAL])
        found = Configured(
            root["citation"].text(),
            root["effective"].day(),
            tuple(dict.fromkeys(chosen)),
            Settings(
                significance=Decimal(significance),
                least_reads=root["least_reads"].whole(1, 100_000),
                least_expected=root["least_expected"].whole(1, 100),
                pace=_decimal(pace, "reads_a_minute", Decimal("0.1"), Decimal(1000)),
                window_minutes=pace["window_minutes"].whole(1, 120) if "window_minutes" in pace else 1,
                instant_share=_decimal(instant, "share", Decimal("0.001"), Decimal(1)),
            ),
        )
    if problems:
        raise WrongPolicy(problems)
    return found


def _decimal(places: Mapping[str, Place], key: str, low: Decimal, high: Decimal) -> Decimal:
    return places[key].decimal(low, high) if key in places else low
