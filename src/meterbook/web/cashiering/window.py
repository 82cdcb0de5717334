"""The cashier's window as a page: the slip being typed, the drawer's last receipts, and what was just taken."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from meterbook.records.cashiering import screens
from meterbook.records.cashiering.operations.take_receipt import taken
from meterbook.records.cashiering.operations.void_receipt import void_receipt
from meterbook.records.cashiering.queries import NoReceipt, open_drawer_of, receipt_with_id
from meterbook.records.platform.deeds import Act, NotPermitted
from meterbook.records.platform.queries import business_date, user_with_id
from meterbook.web.cashiering.forms import VoidForm
from meterbook.web.cashiering.supervising import NotSigned, supervisor
from meterbook.web.cashiering.typed import Typed, WrongEntry, enter, slip_of
from meterbook.web.kit.access import act
from meterbook.web.kit.forms import sent
from meterbook.web.kit.refusals import in_words, is_refusal

_TAPE = 8


def window(request: HttpRequest, page: Typed, *, status: int = 200) -> HttpResponseBase:
    """The page; without an open drawer it leads to opening one."""
    drawer = open_drawer_of(act(request).actor)
    if drawer is None:
        return redirect("open_drawer")
    if drawer.state != "open" and request.method == "GET":
        return redirect("drawer", drawer.pk)
    done = request.GET.get("done", "")
    context = {
        "title": _("Counter"), "sheet": page, "drawer": drawer, "tape": screens.tape(drawer, _TAPE),
        "done": _done(int(done), drawer.pk) if done.isdecimal() else None,
    }  # fmt: skip
    return render(request, "cashiering/counter.html", context, status=status)


def add(request: HttpRequest, page: Typed) -> HttpResponseBase:
    """The slip after what was entered."""
    try:
        enter(page, request.POST.get("choose", ""))
    except WrongEntry as wrong:
        page.wrong = str(wrong)
        return window(request, page, status=422)
    return window(request, page)


def take(request: HttpRequest, page: Typed) -> HttpResponseBase:
    """Take the money; what is refused comes back with everything still typed in."""
    drawer = open_drawer_of(act(request).actor)
    try:
        if drawer is None:
            raise WrongEntry(_("You have no open drawer."))
        receipt = taken(act(request), drawer=drawer, slip=slip_of(page), key=page.key)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        page.wrong = in_words(error)
        return window(request, page, status=422)
    return redirect(f"{reverse('counter')}?done={receipt.pk}")


def void(request: HttpRequest, receipt_id: int) -> HttpResponseBase:
    """The void: the cashier asks, the supervisor signs on the same page."""
    receipt = receipt_with_id(receipt_id)
    form = VoidForm(sent(request), day=business_date())
    if form.is_valid():
        given = form.cleaned_data
        try:
            user = supervisor(request, username=given["username"], password=given["password"], code=given["code"])
            signs = Act(actor=user_with_id(user), business_date=business_date(), reason=given["note"])
            asker = act(request).actor
            void_receipt(signs, receipt=receipt, asked_by=asker, reason=given["reason"], note=given["note"])
        except NotSigned as wrong:
            form.add_error("password", str(wrong))
        except NotPermitted:
            form.add_error("username", _("This person may not void receipts."))
        except Exception as error:
            if not is_refusal(error):
                raise
            form.add_error(None, in_words(error))
        else:
            messages.success(request, _("Receipt %(number)s is voided.") % {"number": screens.slip_of(receipt).number})
            return redirect("receipt", receipt.pk)
    context = {"title": _("Void a receipt"), "form": form, "slip": screens.slip_of(receipt)}
    return render(request, "cashiering/void.html", context, status=422 if form.errors else 200)


def _done(receipt_id: int, drawer_id: int) -> screens.Slip | None:
    try:
        receipt = receipt_with_id(receipt_id)
    except NoReceipt:
        return None
    return screens.slip_of(receipt) if receipt.drawer_id == drawer_id else None
