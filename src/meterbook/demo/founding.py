"""Founding Alder Bend through the product's own operations: office, tariffs, places, meters, customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import polars as pl

from meterbook.demo import sources
from meterbook.demo.calendar import CITY_ON, UTILITY_ON, read_on
from meterbook.demo.city import City
from meterbook.demo.desk.programs import enrol_solar
from meterbook.demo.drawn import services
from meterbook.demo.drawn.positions import positions
from meterbook.demo.stories import Staff
from meterbook.records.customers.operations.load_customers import load_customers
from meterbook.records.ledger.operations.adopt_chart import adopt_chart, propose_chart
from meterbook.records.metering.operations.install import install_meters
from meterbook.records.places.operations.load_places import SHAPES, PlacesLoad, load_places
from meterbook.records.places.operations.positions import premises_on_record, set_positions
from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.platform.operations.business_date import advance_business_date
from meterbook.records.platform.operations.found_utility import Identity, begin, found_utility
from meterbook.records.platform.operations.users import add_user
from meterbook.records.rates.operations.release_tariff import propose_tariff, release_tariff

if TYPE_CHECKING:
    from meterbook.records.platform.models import User

Progress = Callable[[str], None]
_REASON = "Founding of Alder Bend"


def found(city: City, *, password: str, tell: Progress = lambda step: None) -> Staff:
    """Found the city in an empty, migrated database; ``tell`` hears each step. Returns the sign-ins by username.

    ``system`` is among them. Raises `AlreadyFounded`, or whatever an operation refuses.
    """
    staff = found_office(password=password)
    tell(f"{len(staff) - 1} sign-ins, the chart of accounts")
    tell(f"{enact_tariffs(staff)} rate schedules, proposed by one person and released by another")
    act = Act(actor=staff["system"], business_date=CITY_ON, reason=_REASON)
    advance_business_date(act, to=CITY_ON)
    places = load_places(act, load=places_of(city))
    tell(f"{places['premises']:,} premises, {places['service_points']:,} service points")
    set_positions(act, positions=positions(premises_on_record()), origin="drawn with the invented city")
    hung = install_meters(act, meters=meters_of(city), registers=registers_of(city))
    tell(f"{hung['meters']:,} meters, {hung['registers']:,} registers")
    loaded = load_customers(act, load=city.customers())
    tell(f"{loaded['accounts']:,} accounts, {loaded['agreements']:,} service agreements")
    tell(f"{enrol_solar(city, staff)} solar homes under net billing")
    return staff


def found_office(*, password: str) -> Staff:
    """The utility, its first business date, its staff and its chart of accounts."""
    document = sources.document("city")
    staff: dict[str, User] = {"system": begin(UTILITY_ON)}
    act = Act(actor=staff["system"], business_date=UTILITY_ON, reason=_REASON)
    advance_business_date(act, to=UTILITY_ON)
    found_utility(act, identity=Identity(**document["identity"]))
    for person in document["staff"]:
        email = f"{person['username']}@alderbend.example.org"
        staff[person["username"]] = add_user(act, **person, email=email, password=password)
    text = (sources.CITY_DIR / "chart_of_accounts.yaml").read_text(encoding="utf-8")
    asks = Act(actor=staff["supervisor"], business_date=UTILITY_ON, reason=_REASON)
    decides = Act(actor=staff["finance"], business_date=UTILITY_ON, reason=_REASON)
    request = propose_chart(asks, text=text, file="chart_of_accounts.yaml")
    approval = decide_approval(decides, request=request, approve=True)
    adopt_chart(decides, text=text, file="chart_of_accounts.yaml", approval=approval)
    return staff


def enact_tariffs(staff: Staff) -> int:
    """Release every tariff document: the billing technician proposes, the supervisor approves and releases."""
    asks = Act(actor=staff["billing"], business_date=UTILITY_ON, reason=_REASON)
    decides = Act(actor=staff["supervisor"], business_date=UTILITY_ON, reason=_REASON)
    files = sources.tariff_files()
    for path in files:
        text, golden = path.read_text(encoding="utf-8"), path.with_suffix(".cases.yaml")
        cases = golden.read_text(encoding="utf-8") if golden.exists() else ""
        request = propose_tariff(asks, text=text, file=path.name, cases=cases)
        approval = decide_approval(decides, request=request, approve=True)
        release_tariff(decides, text=text, file=path.name, approval=approval, cases=cases)
    return len(files)


def places_of(city: City) -> PlacesLoad:
    """The city's places as `load_places` takes them."""
    document = sources.document("city")
    place = document["place"]
    days = document["cycles"].values()
    starts = pl.col("read_day").replace_strict({day: read_on(0, day) for day in days}, return_dtype=pl.Date)
    owners = city.households.select("site", pl.col("name").alias("holder_name"))
    sites = city.sites.join(owners, on="site", how="left", maintain_order="left")
    owner_name = pl.when(pl.col("occupancy") == "owner").then("holder_name")
    parcels = sites.select(
        pl.col("parcel").alias("number"),
        pl.format("Alder Bend tract {}, lot {}", pl.col("route").str.slice(1), pl.col("site") + 1).alias("legal"),
        owner_name.fill_null(pl.format("Owner of parcel {}", pl.col("parcel"))).alias("owner_name"),
        "impervious_sqft",
    )
    premises = sites.select(
        pl.col("site").alias("ref"), "parcel", "street_number", "street", "unit",
        *[pl.lit(place[field]).alias(field) for field in ("city", "state", "postal_code")], "premise_class",
    )  # fmt: skip
    metered = pl.col("connection") == "metered"
    points = city.points.select(
        pl.col("site").alias("premise"), "code", "commodity", "connection",
        pl.when(metered).then("route").alias("route"), pl.col("place").alias("sequence"), "water_source",
        starts.alias("starts"),
    )  # fmt: skip
    facts = services.determinants(city.points, min(read_on(0, day) for day in days), city.seed)
    return PlacesLoad(
        cycles=pl.DataFrame([{"code": code, "read_day": day} for code, day in document["cycles"].items()]),
        routes=pl.DataFrame(document["routes"]),
        parcels=parcels,
        premises=premises,
        service_points=points,
        determinant_kinds=pl.DataFrame(document["determinant_kinds"]),
        determinants=facts.select(list(SHAPES["determinants"])),
    )


def meters_of(city: City) -> pl.DataFrame:
    """The city's meters as `install_meters` takes them."""
    dates = city.registers.select("serial", "installed_on").unique("serial", keep="first", maintain_order=True)
    return city.meters.join(dates, on="serial", maintain_order="left").select(
        "serial", "commodity", "size", pl.col("make").alias("manufacturer"), "model",
        pl.col("code").alias("service_point"), "installed_on",
    )  # fmt: skip


def registers_of(city: City) -> pl.DataFrame:
    """The city's registers with their opening reads as `install_meters` takes them."""
    return city.registers.select(
        "serial", "channel", "dials", "decimals", (pl.col("multiplier") * 1_000_000).alias("multiplier_e6"), "unit",
        (pl.col("opening") * pl.lit(10, dtype=pl.Int64).pow(6 - pl.col("decimals"))).alias("opening_e6"),
    )  # fmt: skip
