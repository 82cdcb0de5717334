"""The city's meters and registers: sizes, dials, multipliers, solar and compound ones, and the exchanges to come."""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from meterbook.demo import sources
from meterbook.demo.calendar import CURRENT, month_of, read_on
from meterbook.demo.drawn.draws import between, chance, draw, weighted
from meterbook.demo.drawn.usage import counted_until, steps_in

ELECTRIC_DIALS, WATER_DIALS, WATER_DECIMALS = 5, 4, 2
_PER_SOLAR, _PER_COMPOUND, _PER_EXCHANGE, _MOST_EXCHANGES = 70, 280, 280, 12
#: Steps (kWh, or hundredths of a ccf) in 30 days of an average month: from, to, and the season.
_ELECTRIC = {
    "house": (320, 980, "home_power"), "fourplex": (900, 2_600, "home_power"), "shop": (700, 6_500, "shop_power"),
    "office": (900, 7_500, "shop_power"), "school": (5_000, 26_000, "school_power"),
    "pump": (6_000, 24_000, "pump_power"),
}  # fmt: skip
_WATER = {
    "house": (520, 1_450, "home_water"), "fourplex": (1_700, 4_200, "home_water"), "shop": (600, 6_000, "shop_water"),
    "office": (700, 4_500, "shop_water"), "school": (4_000, 15_000, "park_water"),
    "park": (8_000, 60_000, "park_water"),
}  # fmt: skip
_SUN = (330, 820)
#: Average days worth of steps on an empty premise whose meter still turns.
_LEAK = (20, 160)


def meters(points: pl.DataFrame, *, accounts: int, seed: int) -> pl.DataFrame:
    """One row a meter at a metered point: ``serial``, ``size``, ``make``, ``model``, ``form`` and the point's columns.

    ``form`` is plain, solar, compound, ct40 or ct80.
    """
    rows = points.filter(pl.col("connection") == "metered")
    rows = rows.with_columns(water=pl.col("letter") == "W")
    rows = rows.with_columns(form=_form(rows, accounts, seed))
    site = pl.col("site")
    small = weighted(site, [("5/8", 15), ("3/4", 4), ("1", 1)], topic="size", seed=seed)
    large = weighted(site, [("1", 4), ("1 1/2", 3), ("2", 2)], topic="size", seed=seed)
    water_size = (
        pl.when(pl.col("form") == "compound").then(weighted(site, [("3", 2), ("4", 1)], topic="compound", seed=seed))
        .when(pl.col("kind") == "house").then(small)
        .when(pl.col("kind") == "school").then(pl.lit("3"))
        .when(pl.col("kind") == "fourplex").then(pl.lit("1 1/2"))
        .otherwise(large)
    )  # fmt: skip
    through_ct = pl.col("form").is_in(["ct40", "ct80"])
    return rows.with_columns(
        serial=pl.format("{}-{}", "letter", site + 1_000_001),
        size=pl.when("water").then(water_size).when(through_ct).then(pl.lit("9S")).otherwise(pl.lit("2S")),
        make=pl.when("water").then(pl.lit("Badger")).otherwise(pl.lit("Landis+Gyr")),
        model=pl.when("water").then(pl.lit("T-10")).otherwise(pl.lit("Focus AX")),
    )


def _form(rows: pl.DataFrame, accounts: int, seed: int) -> pl.Expr:
    """What sort of meter hangs where; exactly one solar home in seventy accounts."""
    site = pl.col("site")

    def marked(feature: str) -> pl.Expr:
        return pl.col("features").str.split(" ").list.contains(feature)

    def first_of(topic: str, among: pl.Expr, wanted: int, fixed: pl.Expr) -> pl.Expr:
        order = pl.when(fixed).then(0).otherwise(draw(site, topic=topic, seed=seed) // 2 + 1)
        chosen = rows.filter(among | fixed).with_columns(order=order).sort("order", "site").head(wanted)
        return pl.col("code").is_in(chosen["code"].implode())

    home = ~pl.col("water") & (pl.col("kind") == "house") & (pl.col("occupancy") == "owner") & (pl.col("key") == "")
    solar = first_of("solar", home, max(accounts // _PER_SOLAR, 2), ~pl.col("water") & marked("solar"))
    shop = pl.col("water") & (pl.col("kind") == "shop")
    compound = first_of("compound", shop, max(accounts // _PER_COMPOUND, 2) + 1, pl.col("water") & marked("compound"))
    trade = ~pl.col("water") & pl.col("kind").is_in(["shop", "office", "school", "pump"])
    luck = between(site, 0, 999, topic="transformers", seed=seed)
    return (
        pl.when(solar).then(pl.lit("solar"))
        .when(compound).then(pl.lit("compound"))
        .when(trade & (marked("ct80") | (luck < 50))).then(pl.lit("ct80"))
        .when(trade & (marked("ct40") | pl.col("kind").is_in(["school", "pump"]) | (luck < 170))).then(pl.lit("ct40"))
        .otherwise(pl.lit("plain"))
    )  # fmt: skip


def registers(hung: pl.DataFrame, *, seed: int) -> pl.DataFrame:
    """One row a register: what `usage` needs, and ``channel``, ``dials``, ``decimals``, ``multiplier``, ``opening``.

    ``opening`` is in steps, the register's smallest digit; a few start close to rolling over.
    """
    channels = pl.DataFrame(
        [("plain", "delivered", 1000), ("solar", "delivered", 600), ("solar", "received", 0),
         ("compound", "high_flow", 850), ("compound", "low_flow", 150),
         ("ct40", "delivered", 8000), ("ct80", "delivered", 16000)],
        schema=["form", "channel", "share"], orient="row",
    )  # fmt: skip
    rows = hung.join(channels, on="form", maintain_order="left_right")
    multiplier = pl.col("form").replace_strict({"ct40": 40, "ct80": 80}, default=1, return_dtype=pl.Int64)
    lane = pl.col("channel").replace_strict({"delivered": 0, "received": 1, "high_flow": 2, "low_flow": 3},
                                            return_dtype=pl.Int64)  # fmt: skip
    rows = rows.with_columns(
        number=pl.col("site") * 8 + lane * 2 + pl.col("water").cast(pl.Int64),
        multiplier=multiplier,
        dials=pl.when("water").then(WATER_DIALS).otherwise(ELECTRIC_DIALS).cast(pl.Int64),
        decimals=pl.when("water").then(WATER_DECIMALS).otherwise(0).cast(pl.Int64),
        unit=pl.when("water").then(pl.lit("ccf")).otherwise(pl.lit("kWh")),
    )
    rows = rows.with_columns(base=_base(rows, seed), season=_season())
    days = {day: read_on(0, day) for day in sources.document("city")["cycles"].values()}
    rows = rows.with_columns(
        installed_on=pl.col("read_day").replace_strict(days, return_dtype=pl.Date),
        removed_on=pl.lit(None, dtype=pl.Date),
        limit=pl.lit(10, dtype=pl.Int64).pow(pl.col("dials") + pl.col("decimals")),
    )
    close = chance(pl.col("number"), 20, topic="close to rollover", seed=seed)
    some = between(pl.col("number"), 0, 10**6, topic="opening", seed=seed)
    step = pl.col("limit") // 1000
    opening = (
        pl.when(close).then(pl.col("limit") - step - some % (step * 6)).otherwise(some * pl.col("limit") // 2_000_000)
    )
    return _with_rollover_now(rows.with_columns(opening=opening), seed)


def _base(rows: pl.DataFrame, seed: int) -> pl.Expr:
    """Average steps in 30 days: by kind, divided by what one step counts; nearly nothing where nobody lives."""

    def draw_from(table: dict[str, tuple[int, int, str]]) -> pl.Expr:
        low = pl.col("kind").replace_strict({k: v[0] for k, v in table.items()}, default=0, return_dtype=pl.Int64)
        high = pl.col("kind").replace_strict({k: v[1] for k, v in table.items()}, default=0, return_dtype=pl.Int64)
        return low + (high - low) * between(pl.col("site"), 0, 1000, topic="base", seed=seed) // 1000

    base = pl.when("water").then(draw_from(_WATER)).otherwise(draw_from(_ELECTRIC))
    used = base * pl.col("share") // 1000 // pl.col("multiplier")
    sent = between(pl.col("site"), *_SUN, topic="sun", seed=seed)
    leaks = pl.col("features").str.contains("used_while_vacant") | chance(pl.col("site"), 110, topic="leak", seed=seed)
    leak = pl.when(pl.col("water") & leaks).then(between(pl.col("site"), *_LEAK, topic="leaks", seed=seed)).otherwise(0)
    return (
        pl.when(pl.col("occupancy") == "vacant").then(leak)
        .when(pl.col("channel") == "received").then(sent).otherwise(used)
    )  # fmt: skip


def _season() -> pl.Expr:
    electric = pl.col("kind").replace_strict({kind: row[2] for kind, row in _ELECTRIC.items()}, default="even")
    water = pl.col("kind").replace_strict({kind: row[2] for kind, row in _WATER.items()}, default="even")
    return (
        pl.when(pl.col("occupancy") == "vacant").then(pl.lit("even"))
        .when(pl.col("channel") == "received").then(pl.lit("sun"))
        .when("water").then(water).otherwise(electric)
    )  # fmt: skip


def _with_rollover_now(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Let the register of the resident who rolls over now pass its last number half-way through the last month."""
    now = pl.col("features").str.contains("rolls_over_now") & ~pl.col("water")
    story = rows.filter(now)
    before = counted_until(story, CURRENT - 1, seed=seed) + steps_in(story, CURRENT, seed=seed) // 2
    opening = (story["limit"] - before % story["limit"]).to_list()
    return rows.with_columns(opening=pl.when(now).then(pl.lit(opening[0] if opening else 0)).otherwise("opening"))


def exchanges(hung: pl.DataFrame, *, accounts: int, seed: int) -> pl.DataFrame:
    """Meters exchanged in the history: ``serial``, ``new_serial``, ``on``; the told one and a few untold."""
    told = [one for one in sources.happenings() if one.deed == "exchange"]
    fixed = pl.DataFrame(
        [(one.who, one.facts["commodity"], one.on) for one in told], schema=["key", "commodity", "on"], orient="row"
    )
    named = hung.join(fixed, on=["key", "commodity"]).select("serial", "letter", "site", "on")
    wanted = min(accounts // _PER_EXCHANGE, _MOST_EXCHANGES)
    plain = (pl.col("form") == "plain") & (pl.col("kind") == "house") & (pl.col("key") == "")
    order = draw(pl.col("site") * 2 + pl.col("water"), topic="exchange", seed=seed)
    untold = hung.filter(plain & (pl.col("occupancy") != "vacant")).sort(order).head(wanted)
    places = zip(untold["read_day"].to_list(), range(wanted), strict=True)
    days = [read_on(5 + at * 18 // max(wanted, 1), day) + timedelta(days=6 + at % 11) for day, at in places]
    untold = untold.with_columns(on=pl.Series(days, dtype=pl.Date)).select("serial", "letter", "site", "on")
    both = pl.concat([named, untold]).sort("on", "serial")
    if any(month_of(day) >= CURRENT for day in both["on"].to_list()):
        raise ValueError("an exchange is planned in the month that runs before the user's eyes")
    return both.with_columns(new_serial=pl.format("{}-{}", "letter", pl.col("site") + 5_000_001))


def with_exchanges(rows: pl.DataFrame, planned: pl.DataFrame) -> pl.DataFrame:
    """The registers of all 26 months: old ones until they are taken down, new ones from then on, starting at 0."""
    days = planned.select("serial", "new_serial", "on")
    rows = rows.join(days, on="serial", how="left", maintain_order="left")
    new = rows.filter(pl.col("on").is_not_null()).with_columns(
        serial=pl.col("new_serial"), installed_on=pl.col("on"), opening=pl.lit(0, dtype=pl.Int64)
    )
    old = rows.with_columns(removed_on=pl.col("on"))
    return pl.concat([old, new]).drop("on", "new_serial").with_row_index("row")
