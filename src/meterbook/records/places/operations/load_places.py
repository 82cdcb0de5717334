"""Loading a city's places in one deed: cycles, routes, parcels, premises, service points and their facts."""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from meterbook.engine.columns import Shape
from meterbook.records.places.models import COMMODITIES
from meterbook.records.places.operations.rows import RowProblem, empty, refuse_any, table_of, twice, unknown, wrong
from meterbook.records.places.operations.storing import linked, on_record, since, store
from meterbook.records.platform.copying import copy_in, id_sequence, take_ids
from meterbook.records.platform.deeds import operation, tell
from meterbook.records.platform.models import Deed
from meterbook.records.platform.roles import SUPERVISOR

#: What each table of a load holds. A premise is called by ``ref`` within the load, everything else by its code.
SHAPES: dict[str, Shape] = {
    "cycles": {"code": pl.String, "read_day": pl.Int64},
    "routes": {"code": pl.String, "cycle": pl.String, "title": pl.String},
    "parcels": {"number": pl.String, "legal": pl.String, "owner_name": pl.String, "impervious_sqft": pl.Int64},
    "premises": {
        "ref": pl.Int64, "parcel": pl.String, "street_number": pl.String, "street": pl.String, "unit": pl.String,
        "city": pl.String, "state": pl.String, "postal_code": pl.String, "premise_class": pl.String,
    },
    "service_points": {
        "premise": pl.Int64, "code": pl.String, "commodity": pl.String, "connection": pl.String, "route": pl.String,
        "sequence": pl.Int64, "water_source": pl.String, "starts": pl.Date,
    },
    "determinant_kinds": {"name": pl.String, "unit": pl.String, "is_key": pl.Boolean},
    "determinants": {
        "service_point": pl.String, "kind": pl.String, "number_e6": pl.Int64, "key": pl.String, "origin": pl.String,
        "starts": pl.Date,
    },
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacesLoad:
    """The tables of one load, each with the columns of `SHAPES`; an empty table may be left out.

    ``water_source`` names a water point of the same load; a parcel, route, cycle or kind may already be on record.
    """

    cycles: pl.DataFrame
    routes: pl.DataFrame
    parcels: pl.DataFrame
    premises: pl.DataFrame
    service_points: pl.DataFrame
    determinant_kinds: pl.DataFrame
    determinants: pl.DataFrame


@operation("places.load_places", roles={SUPERVISOR})
def load_places(deed: Deed, *, load: PlacesLoad) -> dict[str, int]:
    """Store every row, or none: returns how many rows each table took.

    Raises `WrongColumns` for a table of another shape and `RowsRefused` for rows that cannot be taken.
    """
    tables = {name: table_of(getattr(load, name), name, shape) for name, shape in SHAPES.items()}
    refuse_any([*_within_rows(tables), *_between_tables(tables)])
    cycles = store(tables["cycles"], "places_cycle", "code")
    routes = store(linked(tables["routes"], "cycle", cycles), "places_route", "code")
    parcels = tables["parcels"].with_columns(pl.col("legal").fill_null(""))
    premises = tables["premises"].with_columns(pl.col("unit").fill_null(""))
    premises = linked(premises, "parcel", store(parcels, "places_parcel", "number"))
    first = take_ids(id_sequence("places_premise"), premises.height)
    premises = premises.with_columns(id=pl.int_range(pl.len()) + first)
    copy_in("places_premise", premises.drop("ref"))
    points = _store_points(tables["service_points"], premises, routes)
    kinds = store(tables["determinant_kinds"], "places_determinantkind", "name")
    _store_determinants(tables["determinants"], points, kinds, deed)
    counts = {name: table.height for name, table in tables.items()}
    tell(deed, "places.places_loaded", **counts)
    return counts


def _within_rows(tables: dict[str, pl.DataFrame]) -> list[RowProblem]:
    """What one table alone can show to be wrong."""
    problems: list[RowProblem] = []
    optional = {"legal", "unit", "route", "sequence", "water_source", "number_e6", "key"}
    for name, table in tables.items():
        problems += empty(table, name, *[column for column in table.columns if column not in optional])
    once = {
        "cycles": ["code"],
        "routes": ["code"],
        "parcels": ["number"],
        "determinant_kinds": ["name"],
        "service_points": ["code"],
        "determinants": ["service_point", "kind"],
    }
    for name, fields in once.items():
        problems += twice(tables[name], name, fields)
    problems += twice(tables["premises"], "premises", ["ref"])
    problems += twice(tables["premises"], "premises", ["street", "street_number", "unit", "postal_code"])
    problems += wrong(tables["cycles"], "cycles", "read_day", ~pl.col("read_day").is_between(1, 28),
                      expected="a day from 1 to 28")  # fmt: skip
    problems += wrong(tables["parcels"], "parcels", "impervious_sqft", pl.col("impervious_sqft") < 0,
                      expected="square feet, 0 or more")  # fmt: skip
    classes = ["residential", "commercial", "municipal"]
    problems += wrong(tables["premises"], "premises", "premise_class", ~pl.col("premise_class").is_in(classes),
                      expected=f"one of {', '.join(classes)}")  # fmt: skip
    return problems + _point_rows(tables["service_points"]) + _determinant_rows(tables["determinants"])


def _point_rows(points: pl.DataFrame) -> list[RowProblem]:
    metered = pl.col("connection") == "metered"
    connections = ["metered", "parcel", "inventory"]
    return [
        *wrong(points, "service_points", "commodity", ~pl.col("commodity").is_in(COMMODITIES),
               expected=f"one of {', '.join(COMMODITIES)}"),
        *wrong(points, "service_points", "connection", ~pl.col("connection").is_in(connections),
               expected=f"one of {', '.join(connections)}"),
        *wrong(points, "service_points", "route", metered & pl.col("route").is_null(),
               expected="the route a metered point is read on"),
        *wrong(points, "service_points", "sequence", metered & pl.col("sequence").is_null(),
               expected="the place on its route"),
        *wrong(points, "service_points", "water_source",
               pl.col("water_source").is_not_null() & (pl.col("commodity") != "sewer"),
               expected="nothing: only a sewer point bills on a water point"),
        *twice(points.filter(pl.col("route").is_not_null()), "service_points", ["route", "sequence"]),
    ]  # fmt: skip


def _determinant_rows(determinants: pl.DataFrame) -> list[RowProblem]:
    is_number, has_key = pl.col("number_e6").is_not_null(), pl.col("key").fill_null("") != ""
    return wrong(determinants, "determinants", "number_e6", is_number == has_key,
                 expected="a number in millionths or a key, not both")  # fmt: skip


def _between_tables(tables: dict[str, pl.DataFrame]) -> list[RowProblem]:
    """References that lead nowhere, and rows already on record."""
    problems: list[RowProblem] = []
    for child, field, parent, key, table in (
        ("routes", "cycle", "cycles", "code", "places_cycle"),
        ("premises", "parcel", "parcels", "number", "places_parcel"),
        ("service_points", "route", "routes", "code", "places_route"),
        ("determinants", "kind", "determinant_kinds", "name", "places_determinantkind"),
    ):
        known = pl.concat([tables[parent][key], on_record(table, key)["key"]])
        problems += unknown(tables[child], child, field, known, expected=f"one of the {parent} here or on record")
    points = tables["service_points"]
    problems += unknown(points, "service_points", "premise", tables["premises"]["ref"],
                        expected="the ref of a premise in this load")  # fmt: skip
    water = points.filter(pl.col("commodity") == "water")["code"]
    problems += unknown(points, "service_points", "water_source", water, expected="a water point of this load")
    problems += unknown(tables["determinants"], "determinants", "service_point", points["code"],
                        expected="a service point of this load")  # fmt: skip
    for name, key, table in (
        ("cycles", "code", "places_cycle"), ("routes", "code", "places_route"),
        ("parcels", "number", "places_parcel"), ("determinant_kinds", "name", "places_determinantkind"),
        ("service_points", "code", "places_servicepoint"),
    ):  # fmt: skip
        taken = pl.col(key).is_in(on_record(table, key)["key"].implode())
        problems += wrong(tables[name], name, key, taken, expected=f"a {key} not on record yet")
    return problems


def _store_points(points: pl.DataFrame, premises: pl.DataFrame, routes: pl.DataFrame) -> pl.DataFrame:
    """Append the service points; returns id by code."""
    if points.is_empty():
        return pl.DataFrame(schema={"id": pl.Int64, "key": pl.String})
    first = take_ids(id_sequence("places_servicepoint"), points.height)
    places = premises.select(pl.col("ref").alias("premise"), pl.col("id").alias("premise_id"))
    points = points.with_columns(id=pl.int_range(pl.len()) + first)
    points = linked(points.join(places, on="premise", how="left", maintain_order="left"), "route", routes)
    ids = points.select("id", pl.col("code").alias("key"))
    points = linked(points, "water_source", ids)
    stored = points.select(
        "id", "premise_id", "code", "commodity", "connection", "route_id", "sequence", "water_source_id",
        since(pl.col("starts")),
    )  # fmt: skip
    copy_in("places_servicepoint", stored)
    return ids


def _store_determinants(determinants: pl.DataFrame, points: pl.DataFrame, kinds: pl.DataFrame, deed: Deed) -> None:
    rows = linked(linked(determinants, "service_point", points), "kind", kinds)
    copy_in(
        "places_determinant",
        rows.select(
            "service_point_id", "kind_id", "number_e6", pl.col("key").fill_null(""), "origin",
            since(pl.col("starts")), pl.lit(deed.pk).alias("deed_id"),
        ),
    )  # fmt: skip
