"""What is delivered where: service points, the schedule each is billed on, and the facts its tariff asks for."""

from __future__ import annotations

from datetime import date

import polars as pl

from meterbook.demo import sources
from meterbook.demo.drawn.draws import between, chance, weighted

#: Schedule and connection by kind of site.
_SERVED: dict[str, tuple[str, ...]] = {
    "house": ("E-RES", "W-RES", "S-RES", "R-CART", "ST"),
    "fourplex": ("E-RES", "W-RES", "S-RES", "R-BIN", "ST"),
    "shop": ("E-COM", "W-COM", "S-COM", "R-BIN", "ST"),
    "office": ("E-MUN", "W-MUN", "S-COM", "R-BIN", "ST"),
    "school": ("E-MUN", "W-MUN", "S-COM", "R-BIN", "ST"),
    "park": ("W-MUN", "ST"),
    "pump": ("E-MUN",),
}
COMMODITY = {
    "E": "electricity", "W": "water", "S": "sewer", "R": "refuse", "ST": "stormwater", "L": "street_lights",
}  # fmt: skip
#: Sewer volume of a dwelling until its first winter is on record, in millionths of a ccf.
CITY_AVERAGE_E6 = 6_000_000
_PRIVATE_LIGHT = 80  # shops in a thousand that rent a yard light


def service_points(sites: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One row a service point: the site's columns, ``code``, ``commodity``, ``connection``, ``schedule``, ``lamp``."""
    served = [(kind, schedule) for kind, schedules in _SERVED.items() for schedule in schedules]
    table = pl.DataFrame(served, schema=["kind", "schedule"], orient="row")
    points = sites.join(table, on="kind", how="inner", maintain_order="left_right")
    small = (
        (pl.col("schedule") == "R-BIN") & (pl.col("kind") == "shop")
        & chance(pl.col("site"), 250, topic="small shop", seed=seed)
    )  # fmt: skip
    points = points.with_columns(
        schedule=pl.when(small).then(pl.lit("R-CART")).otherwise("schedule"),
        lamp=pl.lit("", dtype=pl.String),
        suffix=pl.lit("", dtype=pl.String),
    )
    points = pl.concat([points, _lights(sites, seed)], how="diagonal").sort("site", maintain_order=True)
    letter = pl.col("schedule").str.split("-").list.first()
    points = points.with_columns(letter=letter, commodity=letter.replace_strict(COMMODITY))
    metered = pl.col("letter").is_in(["E", "W"])
    number = (pl.col("site") + 1).cast(pl.String).str.zfill(7)
    return points.with_columns(
        code=pl.format("{}-{}{}", "letter", number, "suffix"),
        connection=pl.when(metered).then(pl.lit("metered"))
        .when(pl.col("letter") == "L").then(pl.lit("inventory")).otherwise(pl.lit("parcel")),
        place=pl.when(metered).then(pl.col("sequence") + (pl.col("letter") == "W").cast(pl.Int64)),
        water_source=pl.when(pl.col("letter") == "S").then(pl.format("W-{}", number)),
    )  # fmt: skip


def _lights(sites: pl.DataFrame, seed: int) -> pl.DataFrame:
    """The city's lamps, three kinds an account, and yard lights rented by some shops."""
    lamps = list(sources.document("people")["lights"]["lamps"])
    city = sites.filter(pl.col("kind") == "lights").join(
        pl.DataFrame({"lamp": lamps, "suffix": [f"-{at}" for at in range(1, len(lamps) + 1)]}), how="cross"
    )
    rented = (pl.col("kind") == "shop") & (pl.col("occupancy") != "vacant")
    shops = sites.filter(rented & chance(pl.col("site"), _PRIVATE_LIGHT, topic="yard light", seed=seed))
    shops = shops.with_columns(lamp=pl.lit(lamps[0]), suffix=pl.lit("-1"))
    return pl.concat([city, shops]).with_columns(schedule=pl.lit("L-OLS"))


def determinants(points: pl.DataFrame, starts: date, seed: int) -> pl.DataFrame:
    """The facts of the points, in the columns `load_places` takes.

    S-RES: dwelling_units, winter_average. R-CART: carts. R-BIN: bin_size, pickups_per_week. ST: impervious_sqft.
    L-OLS: lamp_type, lamps. A water schedule's meter_size comes from the meter itself.
    """
    site = pl.col("site")
    units = pl.when(pl.col("kind") == "fourplex").then(4).otherwise(1).cast(pl.Int64)
    large = pl.col("kind").is_in(["school", "office"])
    size = (
        pl.when(large)
        .then(weighted(site, [("6yd", 2), ("8yd", 1)], topic="bin", seed=seed))
        .otherwise(weighted(site, [("2yd", 4), ("3yd", 3), ("4yd", 2), ("6yd", 1)], topic="bin", seed=seed))
    )
    pickups = weighted(site, [("1", 6), ("2", 3), ("3", 2), ("5", 1)], topic="pickups", seed=seed)
    carts = weighted(site, [("1", 7), ("2", 3)], topic="carts", seed=seed)
    wanted = sources.document("people")["lights"]["lamps"]
    lamps = pl.when(pl.col("kind") == "lights").then(
        pl.col("lamp").replace_strict(wanted, default=1, return_dtype=pl.Int64)
        + between(site, 0, 6, topic="lamps", seed=seed)
    ).otherwise(between(site, 1, 3, topic="lamps", seed=seed))  # fmt: skip
    none = pl.lit(None, dtype=pl.Int64)
    average = "City average, until a winter is on record"
    tables = [
        _facts(points, "S-RES", "dwelling_units", units * 1_000_000, pl.lit(""), "Building record"),
        _facts(points, "S-RES", "winter_average", units * CITY_AVERAGE_E6, pl.lit(""), average),
        _facts(points, "R-CART", "carts", none, carts, "Cart delivery record"),
        _facts(points, "R-BIN", "bin_size", none, size, "Bin delivery record"),
        _facts(points, "R-BIN", "pickups_per_week", none, pickups, "Collection order"),
        _facts(
            points, "ST", "impervious_sqft", pl.col("impervious_sqft") * 1_000_000, pl.lit(""), "Aerial survey 2023"
        ),
        _facts(points, "L-OLS", "lamp_type", none, pl.col("lamp"), "Lamp inventory"),
        _facts(points, "L-OLS", "lamps", lamps * 1_000_000, pl.lit(""), "Lamp inventory"),
    ]
    return pl.concat(tables).with_columns(starts=pl.lit(starts))


def _facts(points: pl.DataFrame, schedule: str, kind: str, number: pl.Expr, key: pl.Expr, origin: str) -> pl.DataFrame:
    return points.filter(pl.col("schedule") == schedule).select(
        pl.col("code").alias("service_point"),
        pl.lit(kind).alias("kind"),
        number.cast(pl.Int64).alias("number_e6"),
        key.alias("key"),
        pl.lit(origin).alias("origin"),
    )
