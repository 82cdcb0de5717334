"""Loading places: nothing is stored while any row is wrong, and each wrong row is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import polars as pl
import pytest

from meterbook.demo.city import City
from meterbook.demo.founding import places_of
from meterbook.engine.columns import WrongColumns
from meterbook.records.places.models import Determinant, Parcel, ServicePoint
from meterbook.records.places.operations.load_places import PlacesLoad, load_places
from meterbook.records.places.operations.rows import RowsRefused
from meterbook.records.places.operations.set_determinant import WrongDeterminant, set_determinant, set_determinants
from meterbook.records.platform.deeds import Act, NotPermitted
from meterbook.records.platform.models import User
from meterbook.records.platform.operations.found_utility import begin

pytestmark = pytest.mark.django_db
DAY = date(2024, 8, 26)


@pytest.fixture
def act() -> Act:
    return Act(actor=begin(DAY), business_date=DAY)


@pytest.fixture(scope="module")
def load() -> PlacesLoad:
    return places_of(City(accounts=60, seed=2))


def first_row(frame: pl.DataFrame, **values: object) -> pl.DataFrame:
    first = pl.int_range(pl.len()) == 0
    return frame.with_columns(
        [pl.when(first).then(pl.lit(v, dtype=frame.schema[k])).otherwise(k).alias(k) for k, v in values.items()]
    )


@pytest.mark.parametrize(
    ("table", "values", "said"),
    [
        ("cycles", {"read_day": 31}, "cycles row 1, read_day: found '31', expected a day from 1 to 28"),
        ("routes", {"cycle": "C9"}, "routes row 1, cycle: found 'C9'"),
        ("premises", {"premise_class": "palace"}, "premises row 1, premise_class: found 'palace'"),
        ("premises", {"parcel": "none"}, "premises row 1, parcel: found 'none'"),
        ("service_points", {"route": None}, "service_points row 1, route: found ''"),
        ("service_points", {"commodity": "gas"}, "service_points row 1, commodity: found 'gas'"),
        ("determinants", {"key": "2"}, "determinants row 1, number_e6"),
        ("determinants", {"service_point": "E-9"}, "determinants row 1, service_point: found 'E-9'"),
    ],
)
def test_a_wrong_row_is_named_and_nothing_is_stored(
    act: Act, load: PlacesLoad, table: str, values: dict[str, object], said: str
) -> None:
    wrong = replace(load, **{table: first_row(getattr(load, table), **values)})
    with pytest.raises(RowsRefused) as refused:
        load_places(act, load=wrong)
    assert said in str(refused.value)
    assert not Parcel.objects.exists()


def test_a_repeated_address_and_a_missing_column_are_refused(act: Act, load: PlacesLoad) -> None:
    again = pl.concat([load.premises, load.premises.head(1).with_columns(ref=pl.lit(99_999, dtype=pl.Int64))])
    with pytest.raises(RowsRefused, match="postal_code once"):
        load_places(act, load=replace(load, premises=again))
    with pytest.raises(WrongColumns, match="parcels: legal is missing"):
        load_places(act, load=replace(load, parcels=load.parcels.drop("legal")))


def test_only_a_supervisor_or_the_system_loads_places(load: PlacesLoad) -> None:
    anybody = User.objects.create(username="anybody")
    with pytest.raises(NotPermitted):
        load_places(Act(actor=anybody, business_date=DAY), load=load)


def test_a_new_value_ends_the_one_before_it(act: Act, load: PlacesLoad) -> None:
    load_places(act, load=load)
    point = ServicePoint.objects.filter(determinants__kind__name="winter_average").first()
    assert point is not None
    starts = date(2025, 7, 1)
    set_determinant(act, service_point=point, kind="winter_average", starts=starts, origin="test", number_e6=4_500_000)
    values = Determinant.objects.filter(service_point=point, kind__name="winter_average").order_by("validity")
    assert [(v.validity.upper, v.number_e6) for v in values] == [(starts, 6_000_000), (None, 4_500_000)]
    with pytest.raises(WrongDeterminant, match="expected a number"):
        set_determinant(act, service_point=point, kind="winter_average", starts=starts, origin="test", key="large")
    with pytest.raises(WrongDeterminant, match="a date after it"):
        set_determinant(
            act, service_point=point, kind="winter_average", starts=date(2025, 1, 1), origin="test", number_e6=1
        )


def test_a_new_value_for_many_points_at_once(act: Act, load: PlacesLoad) -> None:
    load_places(act, load=load)
    ids = list(Determinant.objects.filter(kind__name="winter_average").values_list("service_point_id", flat=True))
    values = pl.DataFrame(
        {
            "service_point_id": ids,
            "number_e6": [3_000_000] * len(ids),
            "key": [""] * len(ids),
            "origin": ["w"] * len(ids),
        }
    )
    starts = date(2025, 7, 1)
    assert set_determinants(act, kind="winter_average", starts=starts, values=values) == len(ids)
    now = Determinant.objects.filter(kind__name="winter_average", validity__contains=starts)
    assert set(now.values_list("number_e6", flat=True)) == {3_000_000}
    with pytest.raises(RowsRefused, match="without a value of winter_average"):
        set_determinants(act, kind="winter_average", starts=starts, values=values)
