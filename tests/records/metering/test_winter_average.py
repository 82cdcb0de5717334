"""The yearly reset of sewer quantities touches what is in force on its day and nothing after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection

from meterbook.records.customers.models import ServiceAgreement
from meterbook.records.metering.operations.reset_winter_averages import reset_winter_averages

pytestmark = pytest.mark.django_db


def test_a_quantity_that_ends_still_ends_on_its_day(office: Any, rows: Callable[..., Any]) -> None:
    effective, ends = date(2024, 11, 5), date(2025, 3, 1)
    sewer = ServiceAgreement.objects.get(account__number="1000041", service_point__commodity="sewer").service_point_id
    days = """SELECT lower(d.validity), upper(d.validity) FROM places_determinant d
                JOIN places_determinantkind k ON k.id = d.kind_id AND k.name = 'winter_average'
               WHERE (d.service_point_id = %s) = %s ORDER BY 1"""
    [(since, _)] = rows(days, [sewer, True])
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE places_determinant d SET validity = daterange(lower(validity), %s) FROM places_determinantkind k"
            " WHERE k.id = d.kind_id AND k.name = 'winter_average' AND service_point_id = %s",
            [ends, sewer],
        )
        assert cursor.rowcount == 1
    office.advance(effective)
    assert sum(reset_winter_averages(office.act("billing"), effective=effective).values()) > 1
    assert rows(days, [sewer, True]) == [(since, effective), (effective, ends)]
    assert {upper for lower, upper in rows(days, [sewer, False]) if lower == effective} == {None}
