"""Routes: one order for all stops, numbered by tens; who was slower is told; opt-outs go to a manual route and back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from meterbook.records.metering.models import AmiOptOut
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.metering.shop.operations.opt_out import opt_in, opt_out
from meterbook.records.places.models import Determinant, DeterminantKind, Route, ServicePoint
from meterbook.records.places.operations.routes import add_route, move_points, resequence_route, set_route
from meterbook.records.places.refusals import PlaceRefused, RouteMoved
from meterbook.records.places.stops import stops, token_of

pytestmark = pytest.mark.django_db


def route(code: str) -> Route:
    return Route.objects.get(code=code)


def numbers(code: str) -> list[int]:
    rows = ServicePoint.objects.filter(route__code=code).order_by("sequence")
    return [number for number in rows.values_list("sequence", flat=True) if number is not None]


def test_stops_are_read_in_the_new_order(office: Any) -> None:
    before, token = stops(route("R01")), token_of(route("R01"))
    wanted = [before[-1], *before[:-1]]
    assert resequence_route(office.act("billing"), route="R01", order=wanted, token=token) > 0
    assert stops(route("R01")) == wanted
    assert numbers("R01") == list(range(10, 10 * len(wanted) + 1, 10))


def test_the_slower_of_two_is_told(office: Any) -> None:
    before, token = stops(route("R01")), token_of(route("R01"))
    resequence_route(office.act("billing"), route="R01", order=before[::-1], token=token)
    with pytest.raises(RouteMoved, match="was changed since this page was shown"):
        resequence_route(office.act("supervisor"), route="R01", order=before, token=token)
    assert stops(route("R01")) == before[::-1]


def test_an_order_holds_every_stop_once(office: Any) -> None:
    before, token = stops(route("R01")), token_of(route("R01"))
    for wrong in (before[1:], [*before, before[0]], [*before[:-1], stops(route("R03"))[0]], []):
        with pytest.raises(PlaceRefused, match="or other points"):
            resequence_route(office.act("billing"), route="R01", order=wrong, token=token)


def test_points_move_within_their_cycle(office: Any) -> None:
    here, there = stops(route("R01")), stops(route("R02"))
    chosen = [here[2], here[0]]
    move_points(office.act("billing"), route="R01", points=chosen, to="R02", token=token_of(route("R01")))
    assert stops(route("R02")) == [*there, here[0], here[2]]
    assert stops(route("R01")) == [one for one in here if one not in chosen]
    assert numbers("R01") == list(range(10, 10 * (len(here) - 2) + 1, 10))
    with pytest.raises(PlaceRefused, match="route R03 of cycle C2"):
        move_points(office.act("billing"), route="R01", points=here[3:4], to="R03", token=token_of(route("R01")))
    with pytest.raises(PlaceRefused, match="Choose stops of route R01"):
        move_points(office.act("billing"), route="R01", points=chosen, to="R02", token=token_of(route("R01")))


def test_a_route_says_how_it_is_read(office: Any) -> None:
    set_route(office.act("billing"), route="R01", title="Old Town", kind="ami", reader="AMI head-end")
    assert (route("R01").kind, route("R01").reader) == ("ami", "AMI head-end")
    with pytest.raises(PlaceRefused, match="found flown"):
        set_route(office.act("billing"), route="R01", title="Old Town", kind="flown", reader="")


def test_an_opt_out_is_read_by_hand_and_may_come_back(office: Any) -> None:
    point = ServicePoint.objects.get(pk=stops(route("R01"))[3])
    kind = DeterminantKind.objects.create(name="ami_opt_out", unit="", is_key=False)
    add_route(office.act("billing"), code="M1", cycle=route("R01").cycle, title="By hand", kind="manual")
    with pytest.raises(MeterRefused, match="Choose a manual route of cycle C1"):
        opt_out(office.act("csr"), service_point=point, route="R02", on=office.today)
    opt_out(office.act("csr"), service_point=point, route="M1", on=office.today)
    assert stops(route("M1")) == [point.pk] and point.pk not in stops(route("R01"))
    fee = Determinant.objects.get(service_point=point, kind=kind)
    assert (fee.number_e6, fee.validity.lower) == (1_000_000, office.today)
    with pytest.raises(MeterRefused, match="has opted out already"):
        opt_out(office.act("csr"), service_point=point, route="M1", on=office.today)
    with pytest.raises(MeterRefused, match="give a day after it"):
        opt_in(office.act("csr"), service_point=point, on=office.today)
    first = office.today
    office.advance(first + timedelta(days=30))
    opt_in(office.act("csr"), service_point=point, on=office.today)
    assert stops(route("R01"))[-1] == point.pk and stops(route("M1")) == []
    row = AmiOptOut.objects.get(service_point=point)
    assert (row.validity.lower, row.validity.upper) == (first, office.today)
    now = Determinant.objects.get(service_point=point, kind=kind, validity__contains=office.today)
    assert now.number_e6 == 0


@pytest.mark.parametrize("code", ["A/1", "..", "?x", "#", "", "R 1", "ROUTE-00001", "Ä1", "R1\n2"])
def test_a_route_code_is_letters_digits_and_hyphens(office: Any, code: str) -> None:
    cycle = route("R01").cycle
    with pytest.raises(PlaceRefused, match="1 to 10 letters, digits or hyphens"):
        add_route(office.act("billing"), code=code, cycle=cycle, title="Odd", kind="walk")
    assert add_route(office.act("billing"), code="n-12", cycle=cycle, title="Even", kind="walk").code == "n-12"
