"""The demo's meter shop: a shelf that holds what passed, seals, connections bought and used, and two opt-outs."""

from __future__ import annotations

from collections import Counter

import pytest

from meterbook.demo.calendar import CITY_ON
from meterbook.demo.shop import furnish
from meterbook.demo.stories import Staff
from meterbook.records.metering.models import AmiOptOut, Meter, Seal
from meterbook.records.metering.shop.due import tests_due as due_list
from meterbook.records.metering.shop.rights import rights_of
from meterbook.records.places.models import ConnectionRight, Route

pytestmark = pytest.mark.django_db


def test_the_shop_is_furnished(staff: Staff) -> None:
    shelf = furnish(staff, CITY_ON)
    states = Counter(Meter.objects.filter(lot="PO-2024-31").values_list("state", "cleared"))
    assert states == {("in_stock", True): shelf, ("tested", True): 22 - shelf, ("received", False): 2}
    assert Seal.objects.filter(meter__isnull=False).count() == Seal.objects.count() > 3
    assert {row.service_point.route.code for row in AmiOptOut.objects.all() if row.service_point.route} == {"M1"}
    assert Route.objects.get(code="R05").kind == "ami"
    for right in ConnectionRight.objects.all():
        [own] = [each for each in rights_of(right.parcel, CITY_ON) if each.commodity == "water" and each.bought]
        assert own.left >= 0
    due = due_list(CITY_ON)
    assert due.height == Meter.objects.count()
    assert due["due_on"].null_count() == 0 and due["due_on"].min() > CITY_ON
