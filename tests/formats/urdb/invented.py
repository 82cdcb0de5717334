"""Invented rate records and loads by seed: every construct the reference calculator also has, in any mixture."""

from __future__ import annotations

import math
import random
from typing import Any

_SCALE = {"kWh": 1, "kWh daily": 1 / 30, "kWh/kW": 1 / 8, "kWh/kW daily": 1 / 240}


def schedule(dice: random.Random, periods: int) -> list[list[int]]:
    """Twelve months of 24 hours that change with the season and up to three times a day."""
    seasons = dice.choice([1, 2, 3, 12])
    days = [[dice.randrange(periods) for _ in range(dice.choice([1, 2, 3, 4]))] for _ in range(seasons)]
    rows = []
    for month in range(12):
        day = days[month * seasons // 12]
        cuts = [0, *sorted(dice.sample(range(1, 24), len(day) - 1)), 24]
        rows.append([period for at, period in enumerate(day) for _ in range(cuts[at + 1] - cuts[at])])
    return rows


def rate(seed: int) -> dict[str, Any]:
    """A record: up to four periods of up to three tiers, fixed and minimum charges, flat and period demand."""
    dice = random.Random(seed)
    periods, tiers = dice.choice([1, 2, 3, 4]), dice.choice([1, 2, 3])
    unit = dice.choice(["kWh"] * 4 + ["kWh daily", "kWh/kW", "kWh/kW daily"])
    ends = [round(end * _SCALE[unit], 3) for end in sorted(dice.sample(range(50, 2500), tiers - 1))]

    def tier(at: int) -> dict[str, Any]:
        found = {"rate": round(dice.uniform(0.01, 0.6), dice.choice([2, 4, 5])), "unit": unit}
        found |= {"max": ends[at]} if at < tiers - 1 else {}
        found |= {"adj": round(dice.uniform(-0.02, 0.05), 4)} if dice.random() < 0.4 else {}
        return found | {"sell": round(dice.uniform(0, 0.3), 4)}

    record: dict[str, Any] = {
        "name": f"Invented {seed}",
        "energyratestructure": [[tier(at) for at in range(tiers)] for _ in range(periods)],
        "energyweekdayschedule": schedule(dice, periods),
        "energyweekendschedule": schedule(dice, periods),
        "fixedchargefirstmeter": round(dice.uniform(0, 30), 2),
        "fixedchargeunits": dice.choice(["$/month", "$/day", "$/year"]),
    }
    if dice.random() < 0.5:
        record |= {
            "mincharge": dice.choice([5, 50, 200]),
            "minchargeunits": dice.choice(["$/month", "$/year", "$/day"]),
        }
    if dice.random() < 0.5:
        groups = dice.choice([1, 2, 3])
        record["flatdemandstructure"] = [_demand(dice, _ends(dice)) for _ in range(groups)]
        record["flatdemandmonths"] = [dice.randrange(groups) for _ in range(12)]
    if dice.random() < 0.5:
        # The reference wants equal tier ends in all periods of demand, too.
        groups, same = dice.choice([1, 2, 3]), _ends(dice)
        record["demandratestructure"] = [_demand(dice, same) for _ in range(groups)]
        record |= {f"demand{part}schedule": schedule(dice, groups) for part in ("weekday", "weekend")}
    return record


def with_blocks(seed: int) -> dict[str, Any]:
    """The same with blocks of hours' use, the first two with kWh steps inside."""
    record, dice = rate(seed), random.Random(seed)
    unit, month = ("kWh/kW", 1.0) if seed % 2 else ("kWh/kW daily", 1 / 30)
    first, second = round(100 * month, 3), round(200 * month, 3)
    ends = [(unit, first), ("kWh", dice.randint(50, 300)), ("kWh", dice.randint(400, 900)), ("kWh", 1e38)]
    ends += [(unit, second), ("kWh", 1700), ("kWh", 1e38), (unit, 1e38)]
    record["energyratestructure"] = [
        [{"unit": of, "max": end, "rate": round(dice.uniform(0.02, 0.4), 4), "sell": 0.05} for of, end in ends]
        for _ in record["energyratestructure"]
    ]
    return record


def _ends(dice: random.Random) -> list[int]:
    return sorted(dice.sample(range(2, 12), dice.choice([0, 0, 1, 2])))


def _demand(dice: random.Random, ends: list[int]) -> list[dict[str, Any]]:
    return [{"rate": round(dice.uniform(0, 20), 2), **({} if end is None else {"max": end})} for end in [*ends, None]]


def year(seed: int) -> tuple[list[float], list[float]]:
    """Hourly load and generation in kW, of six decimals."""
    dice = random.Random(seed)
    base, spike, solar = dice.uniform(0.3, 3), dice.uniform(0, 8), dice.choice([0, 1, 3, 6, 12])
    load, generation = [], []
    for hour in range(8760):
        load.append(round(max(0.0, dice.gauss(base, base / 2)) + (spike if dice.random() < 0.01 else 0), 6))
        season = 1 + 0.6 * math.sin((hour / 8760 - 0.25) * 2 * math.pi)
        shining = 7 <= hour % 24 <= 18
        generation.append(round(max(0.0, dice.gauss(solar * season, solar / 3)), 6) if shining else 0.0)
    return load, generation
