"""The map: few premises as dots that open them, many as squares that open a larger map; nothing hidden."""

from __future__ import annotations

import json
import re
from typing import Any

import polars as pl
import pytest
from tests.web.conftest import SignedIn
from tests.web.office import BILL_2, Office, act

from meterbook.records.places.models import Premise
from meterbook.records.places.operations.positions import SHAPE, premises_on_record, set_positions
from meterbook.records.places.operations.rows import RowsRefused
from meterbook.web.map.drawing import ACROSS, MOST, box_of, drawing


def put(office: Office, spots: dict[int, tuple[int, int]]) -> None:
    rows = [{"premise_id": one, "north_e6": north, "east_e6": east} for one, (north, east) in spots.items()]
    frame = pl.DataFrame(rows, schema=SHAPE)
    set_positions(act(office.staff["billing"], BILL_2), positions=frame, origin="survey")


def test_each_premise_is_a_dot_that_opens_it_and_says_whether_somebody_is_served(
    signed_in: SignedIn, office: Office
) -> None:
    ids = sorted(premises_on_record()["premise_id"].to_list())
    put(office, {one: (33_900_000 + at * 500, -115_300_000) for at, one in enumerate(ids)})
    page = signed_in("csr").get("/map/").content.decode()
    drawn = page[page.index("<svg") : page.index("</svg>")]
    assert {int(one) for one in re.findall(r'href="/premises/(\d+)/"', drawn)} == set(ids)
    assert drawn.count('class="served"') == 2 and drawn.count('class="vacant"') == len(ids) - 2
    assert 'href="/map/?at=' in signed_in("csr").get(f"/premises/{office.vacant.pk}/").content.decode()


def test_many_premises_are_counted_in_squares_and_none_is_left_out(office: Office) -> None:
    parcel = office.vacant.parcel
    made = Premise.objects.bulk_create(
        Premise(
            parcel=parcel, street="Long Street", street_number=str(at), unit="", city="Alder Bend", state="CA",
            postal_code="92990", premise_class="residential",
        )
        for at in range(MOST + 50)
    )  # fmt: skip
    put(office, {one.pk: (33_900_000 + at * 37, -115_300_000 + at * 53) for at, one in enumerate(made)})
    box = box_of("")
    assert box is not None
    shown = drawing(box, BILL_2)
    assert shown.dots == [] and sum(one.count for one in shown.squares) == shown.count == MOST + 50
    assert all(1 <= one.row <= ACROSS and 1 <= one.column <= ACROSS for one in shown.squares)
    within = [box_of(one.href.removeprefix("?at=").replace("%2C", ",")) for one in shown.squares]
    assert sum(drawing(one, BILL_2).count for one in within if one is not None) >= shown.count


def test_a_premise_nobody_knows_stops_the_whole_file(office: Office) -> None:
    with pytest.raises(RowsRefused, match="a premise on record"):
        put(office, {office.vacant.pk: (33_900_000, -115_300_000), 999_999: (33_900_000, -115_300_000)})
    assert box_of("") is None


@pytest.mark.parametrize("asked", ["", "x", "1,2", "1,2,3,4", "9e9,0,1", "0,0,-5", "٣,0,2000", "0,0,99999999999"])
def test_an_address_that_is_no_place_shows_all_there_is(signed_in: SignedIn, asked: str) -> None:
    assert signed_in("csr").get("/map/", {"at": asked}).status_code == 200


def test_with_a_tile_server_the_same_premises_lie_on_tiles_and_nothing_else_may_be_loaded(
    signed_in: SignedIn, office: Office, settings: Any
) -> None:
    put(office, {office.vacant.pk: (33_900_000, -115_300_000)})
    settings.TILES, settings.TILES_CREDIT = "https://tiles.example.org/{z}/{x}/{y}.png", "the county"
    answer = signed_in("csr").get("/map/")
    given = json.loads(re.search(r'id="on-tiles" type="application/json">(.*?)</script>', answer.content.decode())[1])  # type: ignore[index]
    assert given["dots"] == [[33.9, -115.3, "7 Mill Street", f"/premises/{office.vacant.pk}/", False]]
    assert "img-src https://tiles.example.org 'self' data:" in answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in answer.headers["Content-Security-Policy"]
    settings.TILES = ""
    plain = signed_in("csr").get("/map/")
    assert "leaflet" not in plain.content.decode() and "https:" not in plain.headers["Content-Security-Policy"]
