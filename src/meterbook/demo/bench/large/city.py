"""The large city: Alder Bend with thousands of names and streets, telephone numbers and former customers."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property

import polars as pl

from meterbook.demo import sources
from meterbook.demo.bench.large.words import drawn, street_names
from meterbook.demo.city import City
from meterbook.demo.drawn.draws import between
from meterbook.records.customers.operations.load_customers import CustomersLoad

#: The cycle whose few accounts live every month, and the one of everybody else.
LIVED, OTHERS = "C1", "C2"
_ROUTE = {"code": "R00", "cycle": LIVED, "title": "Lived in full"}
_PER_STREET = 36


def in_two_cycles() -> None:
    """Put the first accounts on a route and into a cycle of their own, so that they alone can be billed for years."""
    plan = sources.document("city")
    days = list(plan["cycles"].values())
    plan["cycles"] = {LIVED: days[0], OTHERS: days[1]}
    plan["routes"] = [_ROUTE, *({**route, "cycle": OTHERS} for route in plan["routes"] if route["code"] != "R00")]


class LargeCity(City):
    """A city most of whose people have names of their own; ``lived`` sites stand on the route that is lived in full."""

    def __init__(self, *, accounts: int, seed: int = 1, lived: int = 600) -> None:
        super().__init__(accounts=accounts, seed=seed)
        self.lived = lived

    @cached_property
    def sites(self) -> pl.DataFrame:
        """The premises, on many more streets, the first of them on the route that is lived in full."""
        plan = sources.document("city")
        streets = street_names(self.seed, sources.document("names")["street_kinds"])
        rows, day = super().sites, plan["cycles"]
        drawn_ones = pl.col("key") == ""
        place = (pl.int_range(pl.len()) - (~drawn_ones).sum()).clip(0) // _PER_STREET
        first, other = pl.col("site") < self.lived, pl.col("route") == _ROUTE["code"]
        route = pl.when(first).then(pl.lit(_ROUTE["code"])).when(other).then(pl.lit("R01")).otherwise("route")
        cycle = pl.when(first).then(pl.lit(LIVED)).otherwise(pl.lit(OTHERS))
        rows = rows.with_columns(
            route=route, cycle=cycle, read_day=pl.when(first).then(day[LIVED]).otherwise(day[OTHERS]).cast(pl.Int64),
            street=pl.when(drawn_ones).then(pl.lit(pl.Series(streets)).gather(place * 7 % len(streets)))
            .otherwise("street"),
        )  # fmt: skip
        return rows.with_columns(sequence=(pl.int_range(pl.len()).over("route") + 1) * 10)

    @cached_property
    def households(self) -> pl.DataFrame:
        """The accounts, each invented home under a name of its own."""
        rows = super().households
        home = (pl.col("key") == "") & (pl.col("kind") == "house")
        return rows.with_columns(name=pl.when(home).then(self._name(pl.col("holder"))).otherwise("name"))

    @cached_property
    def exchanges(self) -> pl.DataFrame:
        """None."""
        return super().exchanges.clear()

    def customers(self) -> CustomersLoad:
        """Everybody, with telephone numbers of their own; landlords have names of their own as well."""
        load, ref = super().customers(), pl.col("ref")
        landlord = ref >= self.households.height
        number = between(ref, 2_000_000, 9_999_999, topic="telephone", seed=self.seed).cast(pl.String)
        persons = load.persons.with_columns(
            name=pl.when(landlord).then(self._name(ref)).otherwise("name"),
            phone=pl.format("(555) {}-{}", number.str.slice(0, 3), number.str.slice(3)),
        )
        return replace(load, persons=persons)

    def _name(self, number: pl.Expr) -> pl.Expr:
        given = drawn(number, "given", topic="given name", seed=self.seed)
        return given + " " + drawn(number, "family", topic="family name", seed=self.seed)
