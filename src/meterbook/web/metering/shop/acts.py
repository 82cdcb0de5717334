"""The acts of the shop: what each form page says before, what it does, and where it goes after."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.records.metering.shop import screens
from meterbook.records.metering.shop.devices import hanging_at, point_coded, point_of
from meterbook.records.metering.shop.operations.hang import install_meter, remove_meter
from meterbook.records.metering.shop.operations.record_test import record_test, test_kinds
from meterbook.records.metering.shop.operations.seal import place_lock, place_seal, remove_lock, remove_seal
from meterbook.records.metering.shop.operations.set_aside import may_be_set_aside, set_reads_aside, take_back_aside
from meterbook.records.metering.shop.operations.shelve import put_in_stock, refurbish, retire
from meterbook.records.platform.queries import business_date
from meterbook.web.kit.access import act
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.metering.shop import forms as shop
from meterbook.web.metering.shop.pages import bench_points, counts_of

Given = dict[str, Any]


@dataclass(frozen=True, slots=True)
class MeterAct:
    """One act on a meter: its words, its form, the deed, and what is said when it is done."""

    title: str | Promise
    button: str | Promise
    lead: str | Promise
    form: Callable[[HttpRequest, Any], forms.Form]
    do: Callable[[HttpRequest, Any, Given], str]
    dangerous: bool = False


def act_page(request: HttpRequest, meter: Any, about: MeterAct) -> HttpResponseBase:
    """The page of one act on one meter."""
    page = FormPage(about.title, about.button, "meters", about.lead, about.dangerous, "metering/shop/act.html")

    def done(given: Given) -> str:
        messages.success(request, about.do(request, meter, given))
        return reverse("meter", args=[meter.pk])

    return form_page(request, about.form(request, meter), page, done, {"meter": meter})


def _today(request: HttpRequest, form: type[forms.Form], **more: Any) -> forms.Form:
    return form(sent(request), initial={"on": business_date(), "tested_on": business_date()}, **more)


def _test(request: HttpRequest, meter: Any, given: Given) -> str:
    found = {name.removeprefix("point_"): value for name, value in given.items() if name.startswith("point_")}
    test = record_test(
        act(request), serial=meter.serial, tested_on=given["tested_on"], found=found, tester=given["tester"],
        kind=given["kind"], certificate=given["certificate"],
    )  # fmt: skip
    return (
        gettext("The test is passed.")
        if test.passed
        else gettext("The test is failed: something lies outside its limits.")
    )


def _install(request: HttpRequest, meter: Any, given: Given) -> str:
    point = point_coded(given["point"].strip())
    install_meter(
        act(request, given["reason"]), service_point=point, serial=meter.serial, on=given["on"],
        in_reads=shop.typed_reads("in", given), seal=given["seal"],
    )  # fmt: skip
    return gettext("The meter hangs at %(point)s.") % {"point": point.code}


def _remove(request: HttpRequest, meter: Any, given: Given) -> str:
    remove_meter(
        act(request, given["reason"]), service_point=point_of(meter.serial), on=given["on"],
        out_reads=shop.typed_reads("out", given), note=given["reason"][:300],
    )  # fmt: skip
    return gettext("The meter is taken down. It hangs again only after it has passed a test.")


def _aside(request: HttpRequest, meter: Any, given: Given) -> str:
    found = set_reads_aside(act(request, given["reason"]), serial=meter.serial, after=given["after"])
    return ngettext("%(n)d read is set aside.", "%(n)d reads are set aside.", len(found)) % {"n": len(found)}


def _aside_back(request: HttpRequest, meter: Any, given: Given) -> str:
    found = take_back_aside(act(request, given["reason"]), serial=meter.serial)
    return ngettext("%(n)d read is in force again.", "%(n)d reads are in force again.", len(found)) % {"n": len(found)}


def _step(deed: Callable[..., Any], said: str | Promise) -> Callable[[HttpRequest, Any, Given], str]:
    def do(request: HttpRequest, meter: Any, given: Given) -> str:
        deed(act(request, given["reason"]), serial=meter.serial, on=given["on"], note=given["reason"][:300])
        return str(said)

    return do


ACTS: dict[str, MeterAct] = {
    "test": MeterAct(
        _("Record a test"), _("Record test"),
        _("What the bench found is held against the limits in force. A meter in the shop that passes may hang."),
        lambda request, meter: _today(
            request, shop.TestForm, points=bench_points(meter), kinds=test_kinds(meter.state)
        ),
        _test,
    ),
    "stock": MeterAct(
        _("Put in stock"), _("Put in stock"), _("From the shelf it may be hung or take another meter's place."),
        lambda request, meter: _today(request, shop.StepForm), _step(put_in_stock, _("The meter is in stock.")),
    ),
    "install": MeterAct(
        _("Hang this meter"), _("Hang meter"),
        _("The first read of every register starts its count. The parcel must have bought a connection of this size."),
        lambda request, meter: _today(request, shop.HangForm, registers=counts_of(meter)), _install,
    ),
    "remove": MeterAct(
        _("Take this meter down"), _("Take down"),
        _("The last read of every register ends its usage here. Nothing is measured here until another hangs."),
        lambda request, meter: _today(
            request, shop.TakeDownForm, registers=counts_of(meter), shown=screens.last_reads(meter)
        ),
        _remove, dangerous=True,
    ),
    "refurbish": MeterAct(
        _("Refurbished"), _("Write it down"), _("After a repair it must pass a test again before it hangs."),
        lambda request, meter: _today(request, shop.StepForm), _step(refurbish, _("The repair is on record.")),
    ),
    "retire": MeterAct(
        _("Retire this meter"), _("Retire meter"),
        _("Scrapped, sold back or lost. It stays on record and never hangs again."),
        lambda request, meter: _today(request, shop.StepForm), _step(retire, _("The meter is retired.")),
        dangerous=True,
    ),
    "aside": MeterAct(
        _("Set reads aside"), _("Set aside"),
        _(
            "Reads that came in under this serial after it was taken down belong to the meter that hung there then, or "
            "to nobody. They stay on record, and the usage made of them is taken back. If a posted bill rests on that "
            "usage, correct the bill too. What was set aside by mistake can be taken back here."
        ),
        lambda request, meter: shop.AsideForm(sent(request), days=may_be_set_aside(meter)), _aside, dangerous=True,
    ),
    "aside-back": MeterAct(
        _("Take reads back"), _("Take back"),
        _("The reads that were set aside last count again, with their usage; those that waited for a decision wait."),
        lambda request, meter: ReasonForm(sent(request)), _aside_back,
    ),
}  # fmt: skip


def place(request: HttpRequest, given: Given) -> str:
    """Put a seal or lock on; returns where to go."""
    deed = place_lock if given["kind"] == "lock" else place_seal
    seal = deed(act(request), number=given["number"].strip(), service_point=point_coded(given["point"].strip()),
                on=given["on"])  # fmt: skip
    messages.success(request, gettext("%(number)s is on.") % {"number": seal.number})
    hanging = hanging_at(seal.service_point)
    return reverse("meter", args=[hanging.meter_id]) if hanging else reverse("seals")


def take_off(request: HttpRequest, seal: Any, given: Given) -> str:
    """Take a seal or lock off; returns where to go."""
    deed = remove_lock if seal.kind == "lock" else remove_seal
    deed(act(request), number=seal.number, on=given["on"], note=given["note"])
    messages.success(request, gettext("%(number)s is off.") % {"number": seal.number})
    return reverse("seals")
