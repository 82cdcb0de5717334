"""Where service is delivered: parcels, premises, service points, routes, and the dated facts bills depend on."""

from __future__ import annotations

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from meterbook.records.platform.fields import has_days, never_deleted, no_overlap, validity
from meterbook.records.platform.models import Deed

COMMODITIES = ("electricity", "water", "sewer", "refuse", "stormwater", "street_lights")


@pghistory.track()
class Cycle(models.Model):
    """A group of accounts read and billed together."""

    code = models.CharField(max_length=10, unique=True)
    read_day = models.PositiveSmallIntegerField(help_text="day of the month its meters are read")

    class Meta:
        constraints = [models.CheckConstraint(name="cycle_read_day", condition=Q(read_day__range=(1, 28)))]


@pghistory.track()
class Route(models.Model):
    """The walk or drive of one reader: service points of one cycle in sequence."""

    code = models.CharField(max_length=10, unique=True)
    cycle = models.ForeignKey(Cycle, models.PROTECT, related_name="routes")
    title = models.CharField(max_length=120)
    kind = models.CharField(max_length=8, db_default="walk", help_text="walk, drive_by, ami, or manual (opt-outs)")
    reader = models.CharField(max_length=40, db_default="", help_text="who reads it now")

    class Meta:
        constraints = [
            models.CheckConstraint(name="route_kind", condition=Q(kind__in=["walk", "drive_by", "ami", "manual"]))
        ]


@pghistory.track()
class Parcel(models.Model):
    """A piece of land as the county numbers it."""

    number = models.CharField(max_length=30, unique=True)
    legal = models.CharField(max_length=200, blank=True)
    owner_name = models.CharField(max_length=160)
    impervious_sqft = models.PositiveIntegerField(help_text="hard surface in square feet, as measured")


@pghistory.track()
class ConnectionRight(models.Model):
    """Connections of one commodity and size that a parcel has bought, from when; what is used comes from its meters."""

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="connection_rights")
    commodity = models.CharField(max_length=20)
    size = models.CharField(max_length=10)
    quantity = models.PositiveSmallIntegerField()
    origin = models.CharField(max_length=300, help_text="permit, receipt or agreement it rests on")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="connection_rights")

    class Meta:
        constraints = [
            has_days("connection_right_has_days"),
            models.CheckConstraint(name="connection_right_some", condition=Q(quantity__gt=0)),
        ]
        triggers = [never_deleted("connection_right")]


@pghistory.track()
class Premise(models.Model):
    """An address where service is delivered: a house, a shop, a pump station."""

    parcel = models.ForeignKey(Parcel, models.PROTECT, related_name="premises")
    street_number = models.CharField(max_length=12)
    street = models.CharField(max_length=80)
    unit = models.CharField(max_length=12, blank=True)
    city = models.CharField(max_length=60)
    state = models.CharField(max_length=2)
    postal_code = models.CharField(max_length=10)
    premise_class = models.CharField(max_length=20, help_text="residential, commercial or municipal")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["street", "street_number", "unit", "postal_code"], name="premise_address_once"
            ),
            models.CheckConstraint(
                name="premise_class_known",
                condition=Q(premise_class__in=["residential", "commercial", "municipal"]),
            ),
        ]

    @property
    def address(self) -> str:
        """The service address in one line, without the city."""
        line = f"{self.street_number} {self.street}"
        return f"{line} {self.unit}" if self.unit else line


class PremisePosition(models.Model):
    """Where a premise is on the map: degrees north and east in millionths (WGS 84), and who says so."""

    premise = models.OneToOneField(Premise, models.PROTECT, related_name="position")
    north_e6 = models.IntegerField()
    east_e6 = models.IntegerField()
    origin = models.CharField(max_length=200, help_text="survey, county file, geocoder")
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="positions")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="premise_position_on_earth",
                condition=Q(north_e6__range=(-90_000_000, 90_000_000), east_e6__range=(-180_000_000, 180_000_000)),
            )
        ]
        indexes = [models.Index(fields=["north_e6", "east_e6"], name="premise_position_place")]


@pghistory.track()
class ServicePoint(models.Model):
    """Where one commodity reaches a premise: by meter, by the parcel's connection, or by an inventory item."""

    METERED, PARCEL, INVENTORY = "metered", "parcel", "inventory"
    premise = models.ForeignKey(Premise, models.PROTECT, related_name="service_points")
    code = models.CharField(max_length=20, unique=True)
    commodity = models.CharField(max_length=20)
    connection = models.CharField(max_length=10, help_text="metered, parcel or inventory")
    route = models.ForeignKey(Route, models.PROTECT, null=True, related_name="service_points")
    sequence = models.PositiveIntegerField(null=True, help_text="place on the route")
    location = models.CharField(max_length=200, db_default="", help_text="where the meter is, and what guards it")
    water_source = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="fed_by", help_text="water point a sewer point bills on"
    )
    validity = validity()

    class Meta:
        constraints = [
            has_days("service_point_has_days"),
            models.CheckConstraint(name="service_point_commodity", condition=Q(commodity__in=COMMODITIES)),
            models.CheckConstraint(
                name="service_point_connection",
                condition=Q(connection__in=["metered", "parcel", "inventory"]),
            ),
            models.CheckConstraint(
                name="service_point_metered_has_route",
                condition=~Q(connection="metered") | Q(route__isnull=False, sequence__isnull=False),
            ),
            models.CheckConstraint(
                name="service_point_source_is_sewer",
                condition=Q(water_source__isnull=True) | Q(commodity="sewer"),
            ),
            models.UniqueConstraint(
                fields=["route", "sequence"],
                name="service_point_one_place_on_route",
                deferrable=models.Deferrable.DEFERRED,
            ),
        ]
        triggers = [never_deleted("service_point")]


class DeterminantKind(models.Model):
    """A fact a tariff may ask for: meter size, cart size, area, winter average; a number with a unit, or a key."""

    name = models.CharField(max_length=40, unique=True)
    unit = models.CharField(max_length=10, blank=True, help_text="empty for keys")
    is_key = models.BooleanField(help_text="a code looked up in a table, not a number")

    class Meta:
        constraints = [models.CheckConstraint(name="determinant_kind_few", condition=Q(id__lt=1_000_000))]


@pghistory.track()
class Determinant(models.Model):
    """The value of a fact about a service point for a time, with where it came from."""

    service_point = models.ForeignKey(ServicePoint, models.PROTECT, related_name="determinants")
    kind = models.ForeignKey(DeterminantKind, models.PROTECT, related_name="values")
    number_e6 = models.BigIntegerField(null=True, help_text="the number in millionths of the kind's unit")
    key = models.CharField(max_length=40, blank=True)
    origin = models.CharField(max_length=300, help_text="where the value comes from, in words")
    validity = validity()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="determinants")

    class Meta:
        constraints = [
            has_days("determinant_has_days"),
            no_overlap("determinant_no_overlap", "service_point_id", "kind_id"),
            models.CheckConstraint(
                name="determinant_number_or_key",
                condition=Q(number_e6__isnull=False, key="") | (Q(number_e6__isnull=True) & ~Q(key="")),
            ),
        ]


@pghistory.track()
class DegreeDay(models.Model):
    """Heating and cooling degree-days of one day at a weather station, base 65 degrees Fahrenheit, in tenths."""

    station = models.CharField(max_length=12, help_text="the weather service's code of the station")
    day = models.DateField()
    heating_tenths = models.PositiveIntegerField()
    cooling_tenths = models.PositiveIntegerField()
    deed = models.ForeignKey(Deed, models.PROTECT, related_name="degree_days")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "day"], name="degree_day_once")]


class StreetWord(models.Model):
    """A word of some service address, with the keys by which misspellings of it are found; kept by a trigger."""

    word = models.CharField(max_length=40, primary_key=True)
    keys = ArrayField(models.CharField(max_length=5), help_text="its first letters, whole and with one left out")

    class Meta:
        indexes = [GinIndex(fields=["keys"], name="places_streetword_keys")]
