"""The city's premises: fixed residents first, then as many invented ones as the asked number of accounts needs.

One row a site: ``site`` (its number), ``key`` ('' but for fixed residents), ``kind`` (house, fourplex, shop, office,
school, park, pump, lights), ``premise_class``, ``occupancy`` (owner, tenant, vacant), ``route``, ``cycle``,
``read_day``, ``street``, ``street_number``, ``unit``, ``parcel``, ``impervious_sqft`` and ``features``.
"""

from __future__ import annotations

import polars as pl

from meterbook.demo import sources
from meterbook.demo.drawn.draws import between, chance, weighted

CLASSES = {
    "house": "residential", "fourplex": "residential", "shop": "commercial", "office": "municipal",
    "school": "municipal", "park": "municipal", "pump": "municipal", "lights": "municipal",
}  # fmt: skip
_KINDS = [("house", 866), ("fourplex", 28), ("shop", 92), ("office", 6), ("park", 5), ("pump", 3)]
_PER_VACANT = 14  # one premise in fifteen stands vacant
_PER_STREET = 36
#: Square feet of hard surface: from, to.
_HARD = {
    "house": (1_400, 4_800), "fourplex": (5_000, 11_000), "shop": (3_000, 60_000), "office": (6_000, 40_000),
    "school": (60_000, 240_000), "park": (2_000, 30_000), "pump": (300, 2_500), "lights": (0, 0),
}  # fmt: skip


class TooFewAccounts(ValueError):
    """The city's fixed residents alone are more than that."""


def fixed_accounts() -> int:
    """How many active accounts the fixed residents hold."""
    return sum(1 for one in sources.residents() if one.account and one.kind != "none")


def premises(accounts: int, seed: int) -> pl.DataFrame:
    """The sites of a city of ``accounts`` active accounts. Raises `TooFewAccounts`."""
    least = fixed_accounts()
    if accounts < least + 10:
        raise TooFewAccounts(f"found {accounts} accounts, expected at least {least + 10}: {least} residents are fixed")
    fixed = _fixed()
    vacant = max(accounts // _PER_VACANT, 4) - fixed.filter(pl.col("occupancy") == "vacant").height
    bulk = _bulk(accounts - least, vacant, first=fixed.height, seed=seed)
    sites = pl.concat([_with_route(fixed), _with_address(_with_route(bulk), seed)], how="diagonal")
    low = pl.col("kind").replace_strict({kind: low for kind, (low, _) in _HARD.items()}, return_dtype=pl.Int64)
    span = pl.col("kind").replace_strict({kind: high - low for kind, (low, high) in _HARD.items()})
    share = between(pl.col("site"), 0, 1000, topic="hard surface", seed=seed)
    return sites.with_columns(
        premise_class=pl.col("kind").replace_strict(CLASSES),
        parcel=pl.format("{}-{}", pl.col("route").str.slice(1), (pl.col("site") + 1).cast(pl.String).str.zfill(7)),
        impervious_sqft=low + span * share // 1000,
        sequence=((pl.int_range(pl.len()).over("route") + 1) * 10),
    )


def _fixed() -> pl.DataFrame:
    found = [one for one in sources.residents() if one.kind != "none"]
    number = [one.address.partition(" ") for one in found]
    return pl.DataFrame(
        {
            "site": list(range(len(found))),
            "key": [one.key for one in found],
            "kind": [one.kind for one in found],
            "occupancy": [one.occupancy for one in found],
            "route": [one.route for one in found],
            "street_number": [first for first, _, _ in number],
            "street": [street for _, _, street in number],
            "unit": [""] * len(found),
            "features": [" ".join(one.features) for one in found],
        },
        schema_overrides={"site": pl.Int64},
    )


def _bulk(active: int, vacant: int, *, first: int, seed: int) -> pl.DataFrame:
    """``active`` occupied and ``vacant`` empty sites, mixed, spread evenly over the routes."""
    count = active + vacant
    site = pl.col("site")
    rows = pl.DataFrame({"site": pl.int_range(first, first + count, eager=True)})
    rows = rows.with_columns(
        kind=weighted(site, _KINDS, topic="kind", seed=seed),
        order=between(site, 0, 2**40, topic="vacant", seed=seed).rank("ordinal"),
    )
    occupancy = (
        pl.when(pl.col("order") <= vacant)
        .then(pl.lit("vacant"))
        .when(pl.col("kind").is_in(["house", "shop"]) & chance(site, 350, topic="tenant", seed=seed))
        .then(pl.lit("tenant"))
        .otherwise(pl.lit("owner"))
    )
    kind = pl.when(occupancy == "vacant").then(pl.lit("house")).otherwise("kind")
    codes = pl.Series([route["code"] for route in sources.document("city")["routes"]])
    return rows.with_columns(
        occupancy=occupancy,
        kind=kind,
        route=pl.lit(codes).gather(pl.int_range(pl.len()) * len(codes) // count),
        key=pl.lit(""),
        features=pl.lit(""),
    ).drop("order")


def _with_route(sites: pl.DataFrame) -> pl.DataFrame:
    city = sources.document("city")
    cycles = {route["code"]: route["cycle"] for route in city["routes"]}
    return sites.with_columns(cycle=pl.col("route").replace_strict(cycles)).with_columns(
        read_day=pl.col("cycle").replace_strict(city["cycles"], return_dtype=pl.Int64)
    )


def _with_address(sites: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Streets of some 36 premises in walking order; every tenth house is one of four flats behind one door number."""
    names = sources.document("names")
    streets = [
        " ".join(filter(None, (quarter, name, kind)))
        for quarter in names["street_quarters"]
        for kind in names["street_kinds"]
        for name in names["streets"]
    ]
    place = pl.int_range(pl.len())
    street = place // _PER_STREET
    within = place % _PER_STREET
    flats = (within // 4 >= 7) & chance(street, 450, topic="flats", seed=seed) & (pl.col("kind") == "house")
    door = pl.when(flats).then(within // 4 * 4).otherwise(within)
    wrapped = street // len(streets)  # a very large city runs out of names and counts on with higher numbers
    return sites.with_columns(
        street=pl.lit(pl.Series(streets)).gather((street * 7) % len(streets)),
        street_number=(101 + door * 4 + door % 2 + wrapped * 1000).cast(pl.String),
        unit=pl.when(flats).then(pl.format("Apt {}", within % 4 + 1)).otherwise(pl.lit("")),
    )
