"""An exchange in two steps: which meter goes up, then both side by side with the reads of each, confirmed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from meterbook.engine.metering.comparison import FACTS, Comparison, Counts
from meterbook.records.metering.operations.exchange import exchange_meter
from meterbook.records.metering.shop import screens
from meterbook.records.metering.shop.devices import FromStock, comparison_at, point_of
from meterbook.records.metering.shop.life import MeterRefused
from meterbook.records.platform.queries import business_date
from meterbook.web.kit import words
from meterbook.web.kit.access import act
from meterbook.web.kit.forms import FormPage, form_page, sent
from meterbook.web.metering.shop.forms import ChooseForm, ExchangeForm, typed_reads, words_of

_FACT_WORDS = {
    "multiplier": _("Multiplier"),
    "dials": _("Digits before the point"),
    "decimals": _("Digits after the point"),
    "unit": _("Unit"),
}


@dataclass(frozen=True, slots=True)
class Beside:
    """One row of the comparison: what, the old meter's, the new one's, and the words of the difference if any."""

    label: str
    old: str
    new: str
    says: str


def exchange_page(request: HttpRequest, meter: Any) -> HttpResponseBase:
    """Step one asks for the meter that goes up; step two compares and confirms."""
    if meter.state != "installed":
        raise Http404(meter.serial)
    if request.method == "GET" and "new" not in request.GET:
        return _choose(request, meter, ChooseForm(initial={"on": business_date()}))
    if request.method == "GET":
        form = ChooseForm(request.GET)
        problem = "" if form.is_valid() else "form"
        new = screens.meter_by_serial(form.cleaned_data.get("new", "").strip()) if not problem else None
        if not problem and (new is None or new.state != "in_stock" or new.commodity != meter.commodity):
            form.add_error("new", _no_use(meter, new))
        if form.errors:
            return _choose(request, meter, form)
        return _confirm(request, meter, new)
    new = screens.meter_by_serial(request.POST.get("new", "").replace("\0", ""))
    if new is None:
        return redirect("exchange_meter", meter.pk)
    return _confirm(request, meter, new)


def _no_use(meter: Any, new: Any) -> str:
    if new is None:
        return gettext("No meter with this serial is on record. Receive it first.")
    if new.commodity != meter.commodity:
        return gettext("That meter measures something else.")
    return gettext("That meter is not in stock: %(state)s.") % {"state": words.say("meter_state", new.state).lower()}


def _choose(request: HttpRequest, meter: Any, form: ChooseForm) -> HttpResponseBase:
    typed = str(form["new"].value() or "").replace("\0", "")
    context = {
        "form": form, "meter": meter, "title": gettext("Exchange meter %(serial)s") % {"serial": meter.serial},
        "shelf": screens.stocked(meter.commodity, "" if form.errors else typed),
    }  # fmt: skip
    return render(request, "metering/shop/choose.html", context, status=422 if form.is_bound else 200)


def _confirm(request: HttpRequest, meter: Any, new: Any) -> HttpResponseBase:
    point = point_of(meter.serial)
    comparison = comparison_at(point, FromStock(new.serial, {}))
    initial = {"new": new.serial, "seen": comparison.fingerprint, "on": request.GET.get("on", "")}
    form = ExchangeForm(
        sent(request), initial=initial, registers=comparison.old.registers, new_registers=comparison.new.registers,
        shown=screens.last_reads(meter),
    )  # fmt: skip
    page = FormPage(
        title=gettext("Exchange meter %(serial)s") % {"serial": meter.serial}, button=_("Exchange the meters"),
        back="meters", template="metering/shop/exchange.html",
    )  # fmt: skip

    def done(given: dict[str, Any]) -> str:
        if given["seen"] != comparison.fingerprint:
            raise MeterRefused(gettext("One of the meters was changed since this page was shown. Compare them again."))
        installed = exchange_meter(
            act(request, given["reason"]), service_point=point, on=given["on"],
            out_reads=typed_reads("out", given), meter=FromStock(new.serial, typed_reads("in", given)),
            confirmed=comparison, seal=given["seal"], note=given["reason"][:300],
        )  # fmt: skip
        said = {"old": meter.serial, "new": new.serial}
        messages.success(request, gettext("%(new)s hangs in the place of %(old)s.") % said)
        return reverse("meter", args=[installed.meter_id])

    differences = len(comparison.differences)
    context = {
        "meter": meter, "new": new, "point": point, "rows": beside(comparison), "differences": differences,
        "verdict": ngettext("%(n)d difference", "%(n)d differences", differences) % {"n": differences},
    }  # fmt: skip
    return form_page(request, form, page, done, context)


def _fact(one: Counts, fact: str) -> str:
    return words_of(one.multiplier) if fact == "multiplier" else str(getattr(one, fact))


def beside(comparison: Comparison) -> list[Beside]:
    """Both meters fact by fact, in the reader's language."""
    said = {(each.channel, each.field): each.says.words(gettext) for each in comparison.differences}
    rows = [Beside(gettext("Size"), comparison.old.size, comparison.new.size, said.get(("", "size"), ""))]
    for channel in sorted({one.channel for one in (*comparison.old.registers, *comparison.new.registers)}):
        old, new = comparison.old.register(channel), comparison.new.register(channel)
        name = words.say("register", channel)
        if old is None or new is None:
            there, missing = gettext("there"), "–"
            rows.append(Beside(name, there if old else missing, there if new else missing, said[channel, "register"]))
            continue
        for fact in FACTS:
            label = f"{name} · {_FACT_WORDS[fact]}"
            rows.append(Beside(label, _fact(old, fact), _fact(new, fact), said.get((channel, fact), "")))
    return rows
