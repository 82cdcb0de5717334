"""Asking a meter over the head-end from its page: ping, read now, take what it answered."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest
from django.utils.translation import gettext

from meterbook.jobs.head_end import configured, ping_meter, read_meter_now
from meterbook.records.metering.head_end import screens
from meterbook.records.metering.head_end.operations.record_answer import take_answer
from meterbook.records.platform.deeds import NotPermitted
from meterbook.web.kit.access import act, may
from meterbook.web.kit.figures import decimal_number
from meterbook.web.kit.refusals import in_words, is_refusal


def page_of(request: HttpRequest, meter_id: int) -> dict[str, object]:
    """The meter's page: its registers, its answers, and what may be asked."""
    meter = screens.meter(meter_id)
    if meter is None:
        raise Http404(str(meter_id))
    return {
        "title": gettext("Ask meter %(serial)s") % {"serial": meter.serial}, "meter": meter,
        "registers": screens.registers(meter_id), "answers": screens.answers(meter_id), "there": configured(),
        "may_ask": may(request, "metering.record_ping"), "may_take": may(request, "metering.take_answer"),
    }  # fmt: skip


def ask(request: HttpRequest, meter_id: int) -> None:
    """Do what the pressed button says; a refusal is said in a message."""
    try:
        _ask(request, meter_id)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        messages.error(request, in_words(error))


def _ask(request: HttpRequest, meter_id: int) -> None:
    what, _, number = request.POST.get("ask", "").partition(":")
    meter = screens.meter(meter_id)
    if meter is None:
        raise Http404(str(meter_id))
    if what == "ping":
        row = ping_meter(act(request), meter)
        talked = gettext("The meter answered.") if row.answered else gettext("The meter did not answer.")
        messages.success(request, talked)
    elif what == "read":
        register = next((each for each in screens.registers(meter_id) if str(each.pk) == number), None)
        if register is not None:
            row = read_meter_now(act(request), register)
            messages.success(request, _shown(row))
    elif what == "take" and number.isdecimal():
        asked = screens.ping(int(number))
        if asked is not None and asked.meter_id == meter_id:
            taken = take_answer(act(request), ping=asked)
            messages.success(request, _became(taken))


def _shown(row: Any) -> str:
    if row.value is None:
        return gettext("The meter did not answer.")
    return gettext("The register shows %(value)s.") % {"value": decimal_number(row.value)}


def _became(taken: Any) -> str:
    if taken.queued:
        return gettext("The read waits in the exception queue.")
    return gettext("The read is accepted.") if taken.accepted else gettext("This read is on record already.")
