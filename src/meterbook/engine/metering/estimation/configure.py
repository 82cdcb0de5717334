"""The policy ``read-estimation``: which methods in which order, with how much evidence, and how sure each is.

Read whole or refused whole. Both faces of the estimate read the same settings and nothing else of each other.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from meterbook.engine.metering.estimation import methods
from meterbook.engine.metering.estimation.document import Place, PolicyProblem, WrongPolicy

#: Keys an override may set again for its commodity or class.
_SETTINGS = ("order", "consecutive_limit", "minimum_days", "adu_decimals", "confidence", "trend")
_FOR = ("commodity", "class")
_FILL = ("linear_minutes", "window_days", "least_days")


@dataclass(frozen=True, slots=True)
class Confidence:
    """Percent: what each method is worth, and what takes from it, down to ``least``."""

    methods: Mapping[str, int]
    #: Less for each estimate in a row before this one.
    each_estimate_before: int
    #: Less where the evidence covers fewer days than are estimated.
    short_evidence: int
    least: int


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for one kind of register."""

    order: tuple[str, ...]
    #: Estimates in a row a register may have; the last of them asks for a field request.
    consecutive_limit: int
    #: Days of usage a method needs as evidence.
    minimum_days: int
    #: Decimals the average daily usage is kept to.
    adu_decimals: int
    confidence: Confidence
    #: Outside of these the like customers of this year are not those of last year.
    trend_low: Decimal
    trend_high: Decimal


@dataclass(frozen=True, slots=True)
class Override:
    """Settings for the rows of a commodity, a class, or both."""

    commodity: str | None
    premise_class: str | None
    settings: Settings

    def matches(self, commodity: str, premise_class: str) -> bool:
        """Whether the override is for such a register."""
        return self.commodity in (None, commodity) and self.premise_class in (None, premise_class)


@dataclass(frozen=True, slots=True)
class FillSettings:
    """How gaps of interval channels are filled."""

    #: The longest gap a straight line may cross, in minutes.
    linear_minutes: int
    #: Reference days lie at most so many days away, on either side.
    window_days: int
    #: Reference days needed for an average.
    least_days: int


@dataclass(frozen=True, slots=True)
class Configured:
    """The policy in force. Of several overrides for a register, the last one that matches holds."""

    citation: str
    effective: date
    settings: Settings
    overrides: tuple[Override, ...]
    fill: FillSettings

    def for_register(self, commodity: str, premise_class: str) -> Settings:
        """The settings of such a register."""
        for override in reversed(self.overrides):
            if override.matches(commodity, premise_class):
                return override.settings
        return self.settings


_DEFAULTS = Settings(
    order=("same_period_last_year", "prior_period", "trend", "class_average"),
    consecutive_limit=3,
    minimum_days=20,
    adu_decimals=2,
    confidence=Confidence({}, 10, 10, 10),
    trend_low=Decimal("0.5"),
    trend_high=Decimal(2),
)


def parse(document: Mapping[str, object]) -> Configured:
    """Read the document of the policy ``read-estimation``; raise `WrongPolicy` with everything wrong with it.

    >>> parse({"policy": "read-estimation"})
    Traceback (most recent call last):
    ...
    meterbook.engine.metering.estimation.document.WrongPolicy: citation: found nothing, expected the key 'citation'
    effective: found nothing, expected the key 'effective'
    order: found nothing, expected the key 'order'
    consecutive_limit: found nothing, expected the key 'consecutive_limit'
    minimum_days: found nothing, expected the key 'minimum_days'
    confidence: found nothing, expected the key 'confidence'
    fill: found nothing, expected the key 'fill'
    """
    problems: list[PolicyProblem] = []
    needed = ("policy", "citation", "effective", "order", "consecutive_limit", "minimum_days", "confidence", "fill")
    root = Place(dict(document), "", problems).entries(needed, (*_SETTINGS, "overrides"))
    if "policy" in root:
        root["policy"].choice(["read-estimation"])
    citation = root["citation"].text() if "citation" in root else ""
    effective = root["effective"].day() if "effective" in root else date.min
    settings = _settings(root, _DEFAULTS)
    overrides = tuple(_override(place, settings) for place in root["overrides"].items()) if "overrides" in root else ()
    for at, one in enumerate((settings, *(override.settings for override in overrides))):
        path = "confidence" if at == 0 else f"overrides[{at - 1}].confidence"
        for name in one.order:
            if name in methods.names() and name not in one.confidence.methods and "confidence" in root:
                problems.append(PolicyProblem(f"{path}.{name}", "nothing", "a percentage, for it stands in the order"))
    fill = _fill(root["fill"]) if "fill" in root else FillSettings(0, 1, 1)
    if problems:
        raise WrongPolicy(problems)
    return Configured(citation, effective, settings, overrides, fill)


def _settings(places: Mapping[str, Place], base: Settings) -> Settings:
    """``base`` with what the document says anew."""
    found = base
    if "order" in places:
        found = replace(found, order=_order(places["order"]))
    if "consecutive_limit" in places:
        found = replace(found, consecutive_limit=places["consecutive_limit"].whole(1, 24))
    if "minimum_days" in places:
        found = replace(found, minimum_days=places["minimum_days"].whole(1, 366))
    if "adu_decimals" in places:
        found = replace(found, adu_decimals=places["adu_decimals"].whole(0, 6))
    if "confidence" in places:
        found = replace(found, confidence=_confidence(places["confidence"], base.confidence))
    if "trend" in places:
        ends = places["trend"].entries(("low", "high"))
        low = ends["low"].decimal(Decimal("0.01"), Decimal(1)) if "low" in ends else base.trend_low
        high = ends["high"].decimal(Decimal(1), Decimal(100)) if "high" in ends else base.trend_high
        found = replace(found, trend_low=low, trend_high=high)
    return found


def _order(place: Place) -> tuple[str, ...]:
    order: list[str] = []
    for one in place.items():
        if one.value not in methods.names():
            one.refuse("one of " + ", ".join(methods.names()))
        elif one.value in order:
            one.refuse("each method once", f"{one.value} again")
        else:
            order.append(str(one.value))
    return tuple(order)


def _confidence(place: Place, base: Confidence) -> Confidence:
    rules = ("each_estimate_before", "short_evidence", "least")
    entries = place.entries((), (*methods.names(), *rules))
    percents = {name: one.whole(0, 100) for name, one in entries.items()}
    worth = {**base.methods, **{name: percent for name, percent in percents.items() if name not in rules}}
    before, short, least = (percents.get(name, getattr(base, name)) for name in rules)
    return Confidence(worth, before, short, least)


def _override(place: Place, base: Settings) -> Override:
    entries = place.entries(("for",), _SETTINGS)
    asked = entries["for"].entries((), _FOR) if "for" in entries else {}
    if "for" in entries and not asked:
        entries["for"].refuse("a commodity, a class, or both")
    criteria = {key: one.text() for key, one in asked.items()}
    return Override(criteria.get("commodity"), criteria.get("class"), _settings(entries, base))


def _fill(place: Place) -> FillSettings:
    entries = place.entries(_FILL)
    most = {"linear_minutes": 1440, "window_days": 366, "least_days": 60}
    found = {key: one.whole(0 if key == "linear_minutes" else 1, most[key]) for key, one in entries.items()}
    return FillSettings(found.get("linear_minutes", 0), found.get("window_days", 1), found.get("least_days", 1))
