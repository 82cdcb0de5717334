"""The city's people and their accounts: fixed residents first, then invented ones, a third of them Spanish-speaking."""

from __future__ import annotations

import polars as pl

from meterbook.demo import sources
from meterbook.demo.calendar import read_on
from meterbook.demo.drawn.draws import chance, choice, draw
from meterbook.records.customers.operations.load_customers import CustomersLoad

_FIRST_SEQUENCE = 200_001  # account sequences of invented residents; fixed ones are below
_PER_LANDLORD = 3
_ACCENTS = str.maketrans("áéíóúüñÁÉÍÓÚÜÑ", "aeiouunAEIOUUN")


def households(sites: pl.DataFrame, seed: int) -> pl.DataFrame:
    """One row an occupied site, and one a fixed account without a site: who holds which account there.

    Adds ``account``, ``name``, ``language``, ``is_organisation``, ``holder`` (person ref) and ``owner`` (person ref of
    the landlord, or null) to the site's columns.
    """
    occupied = sites.filter(pl.col("occupancy") != "vacant")
    fixed = occupied.filter(pl.col("key") != "")
    named = pl.DataFrame(
        [(one.key, one.account, one.name, one.language, one.is_organisation) for one in sources.residents()],
        schema=["key", "account", "name", "language", "is_organisation"],
        orient="row",
    )
    landlords = named.filter(pl.col("key").is_in([one.key for one in sources.residents() if one.kind == "none"]))
    rows = pl.concat(
        [
            fixed.join(named, on="key", how="left", maintain_order="left"),
            landlords.join(_cycles_of_landlords(), on="key"),
            _invented(occupied.filter(pl.col("key") == ""), seed),
        ],
        how="diagonal",
    )
    rows = rows.with_columns(holder=pl.int_range(pl.len(), dtype=pl.Int64))
    first = pl.col("holder").min().over("name")  # an organisation holds all its accounts as one
    rows = rows.with_columns(holder=pl.when(pl.col("is_organisation")).then(first).otherwise("holder"))
    return rows.with_columns(owner=_owner(rows))


def _cycles_of_landlords() -> pl.DataFrame:
    city = sources.document("city")
    cycles = {route["code"]: route["cycle"] for route in city["routes"]}
    rows = [(one.key, cycles[one.route], one.address) for one in sources.residents() if one.kind == "none"]
    frame = pl.DataFrame(
        [(key, cycle, *address.partition(" ")[::2]) for key, cycle, address in rows],
        schema=["key", "cycle", "street_number", "street"],
        orient="row",
    )
    return frame.with_columns(
        read_day=pl.col("cycle").replace_strict(city["cycles"], return_dtype=pl.Int64), unit=pl.lit("")
    )


def _owner(rows: pl.DataFrame) -> pl.Expr:
    """The landlord of a rented site: the named one, or one of as many invented ones as are needed."""
    keys = {one.key: one.owner for one in sources.residents() if one.owner}
    holders = dict(rows.filter(pl.col("key") != "").select("key", "holder").iter_rows())
    named = {key: holders[owner] for key, owner in keys.items()}
    invented = rows.height + (pl.col("site") // _PER_LANDLORD)
    fixed = pl.col("key").replace_strict(named, default=None, return_dtype=pl.Int64)
    rented = pl.col("occupancy") == "tenant"
    return pl.when(rented).then(pl.coalesce(fixed, invented))


def _name(number: pl.Expr, spanish: pl.Expr, seed: int) -> pl.Expr:
    names = sources.document("names")

    def one(tongue: str) -> pl.Expr:
        given = choice(number, names["given"][tongue], topic="given", seed=seed)
        return given + " " + choice(number, names["family"][tongue], topic="family", seed=seed)

    return pl.when(spanish).then(one("es")).otherwise(one("en"))


def _invented(sites: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Names, languages and account numbers of the residents nobody tells a story about."""
    site = pl.col("site")
    spanish = chance(site, 330, topic="language", seed=seed)
    trade = choice(site, sources.document("names")["trade"], topic="trade", seed=seed)
    family = _name(site, spanish, seed).str.split(" ").list.last()
    office = pl.format("City of Alder Bend, {} {}", pl.col("kind").str.to_titlecase(), site)
    city = pl.col("premise_class") == "municipal"
    name = (
        pl.when(city).then(office)
        .when(pl.col("kind") == "shop").then(pl.format("{} {} {}", family, trade, site))
        .when(pl.col("kind") == "fourplex").then(pl.format("{} Apartments {}", family, site))
        .otherwise(_name(site, spanish, seed))
    )  # fmt: skip
    sequence = _FIRST_SEQUENCE + pl.int_range(pl.len())
    return sites.with_columns(
        account=pl.format("{}{}", sequence, check_digit(sequence)),
        name=name,
        language=pl.when(spanish & ~city).then(pl.lit("es")).otherwise(pl.lit("en")),
        is_organisation=pl.col("kind") != "house",
    )


def check_digit(sequence: pl.Expr) -> pl.Expr:
    """The check digits of six-digit account sequences, as `open_account.check_digit` computes one."""
    total = pl.lit(0, dtype=pl.Int64)
    for place in range(6):
        digit = sequence // 10**place % 10
        doubled = digit * 2
        total = total + (pl.when(doubled > 9).then(doubled - 9).otherwise(doubled) if place % 2 == 0 else digit)
    return (10 - total % 10) % 10


def customers(rows: pl.DataFrame, points: pl.DataFrame, seed: int) -> CustomersLoad:
    """The load of `load_customers`: service begins for everyone on the day the cycle's meters were installed."""
    opened = pl.col("read_day").replace_strict(
        {day: read_on(0, day) for day in sources.document("city")["cycles"].values()}, return_dtype=pl.Date
    )
    rows = rows.with_columns(opened_on=opened)
    place = sources.document("city")["place"]
    street = pl.format("{} {}", pl.col("street_number"), pl.col("street"))
    unit = pl.when(pl.col("unit") != "").then(" " + pl.col("unit")).otherwise(pl.lit(""))
    last = pl.lit(f"{place['city']}, {place['state']} {place['postal_code']}")
    boxed = (pl.col("key") == "") & chance(pl.col("holder"), 60, topic="post box", seed=seed)
    box = pl.format("PO Box {}", pl.col("holder") + 500)
    accounts = rows.select(
        pl.col("account").alias("number"), "holder", "cycle",
        pl.concat_list(pl.when(boxed).then(box).otherwise(street + unit), last).alias("mail_lines"), "opened_on",
    )  # fmt: skip
    rented = rows.filter(pl.col("owner").is_not_null())
    parts = rented.select("account", pl.col("owner").alias("person"), pl.lit("owner").alias("part"),
                          pl.col("opened_on").alias("starts"))  # fmt: skip
    agreements = points.join(rows.select("site", "account", "opened_on"), on="site", maintain_order="left").select(
        "account", pl.col("code").alias("service_point"), "schedule", pl.col("opened_on").alias("starts")
    )
    text = pl.String
    none = pl.DataFrame(schema={"account": text, "kind": text, "evidence": text, "starts": pl.Date})
    return CustomersLoad(_persons(rows, seed), accounts, parts, agreements, none)


def _persons(rows: pl.DataFrame, seed: int) -> pl.DataFrame:
    """Holders and landlords, each once, with invented phone numbers and mail addresses."""
    columns = ["ref", "name", "is_organisation", "language", "key"]
    holders = rows.select(pl.col("holder").alias("ref"), *columns[1:]).unique("ref", keep="first", maintain_order=True)
    landlords = rows.select(pl.col("owner").alias("ref")).drop_nulls().unique(maintain_order=True).sort("ref")
    landlords = landlords.filter(pl.col("ref") >= rows.height)
    ref = pl.col("ref")
    landlords = landlords.with_columns(
        name=_name(ref, chance(ref, 200, topic="landlord", seed=seed), seed + 1),
        is_organisation=pl.lit(value=False), language=pl.lit("en"), key=pl.lit(""),
    )  # fmt: skip
    persons = pl.concat([holders.select(columns), landlords.select(columns)])
    plain = persons["name"].to_list()
    local = [".".join(name.translate(_ACCENTS).lower().split()) for name in plain]
    local = [text if text.isascii() and text.replace(".", "").isalnum() else "" for text in local]
    handle = pl.Series("handle", local)
    fallback = pl.format("resident{}", ref)
    stem = pl.when(handle == "").then(fallback).otherwise(pl.format("{}.{}", handle, ref))
    silent = chance(ref, 300, topic="no mail", seed=seed)
    return persons.select(
        "ref", "name", "is_organisation",
        phone=pl.format("(555) 555-01{}", (draw(ref, topic="phone", seed=seed) % 100).cast(pl.String).str.zfill(2)),
        email=pl.when(silent).then(pl.lit("")).otherwise(stem + "@example.org"),
        language=pl.col("language"),
    )  # fmt: skip


def misread(number: pl.Expr) -> pl.Expr:
    """Account numbers with a wrong last digit: their check digit gives them away, so nobody has them."""
    last = (number.str.slice(-1).cast(pl.Int64) + 1) % 10
    return number.str.slice(0, number.str.len_chars() - 1) + last.cast(pl.String)
