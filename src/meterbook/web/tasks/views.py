"""Tasks: the queues, one task, being away, what one was told."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from meterbook.records.platform.queries import business_date
from meterbook.records.tasks import screens
from meterbook.web.kit.access import may, page
from meterbook.web.kit.forms import FormPage, ReasonForm, form_page, sent
from meterbook.web.kit.sections import TODAY
from meterbook.web.kit.tables import Table, table_page
from meterbook.web.tasks import acts, forms
from meterbook.web.tasks.columns import AWAY, TOLD
from meterbook.web.tasks.queues import QUEUE_KEYS, queue, task_context
from meterbook.web.tasks.shown import address, told_in_words


def _task(task_id: int) -> Any:
    found = screens.find_task(task_id)
    if found is None:
        raise Http404(str(task_id))
    return found


@page(TODAY)
def tasks(request: HttpRequest) -> HttpResponseBase:
    """What I have in hand, what waits for my roles, what anybody has, what is over."""
    table, context = queue(request)
    return table_page(request, "tasks/list.html", table, {**context, "page_keys": QUEUE_KEYS})


@page(TODAY)
def task(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """One task with everything that became of it."""
    return render(request, "tasks/task.html", task_context(request, _task(task_id)))


@page(TODAY)
@require_POST
def claim(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Take it."""
    return acts.claimed(request, _task(task_id))


@page(TODAY)
@require_POST
def finish(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Done."""
    return acts.finished(request, _task(task_id))


@page(TODAY)
@require_POST
def put_back(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """Back into the queue of its role."""
    return acts.put_back(request, _task(task_id))


@page(TODAY)
def hand_over(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """To a colleague who may do it."""
    found = _task(task_id)
    about = FormPage(_("Hand over"), _("Hand over"), "tasks", template="tasks/form.html")
    form = forms.HandOver(sent(request), people=screens.colleagues_for(found, business_date()))
    context = task_context(request, found)
    return form_page(request, form, about, lambda given: acts.handed_over(request, found, given), context)


@page(TODAY)
def cancel(request: HttpRequest, task_id: int) -> HttpResponseBase:
    """It need not be done any more."""
    found = _task(task_id)
    about = FormPage(_("Not needed any more"), _("Take it off the list"), "tasks", template="tasks/form.html")
    context = task_context(request, found)
    return form_page(
        request, ReasonForm(sent(request)), about, lambda given: acts.cancelled(request, found, given), context
    )


@page(TODAY)
def ask(request: HttpRequest) -> HttpResponseBase:
    """Ask a role or a colleague for something."""
    day = business_date()
    about = FormPage(_("Ask a colleague for something"), _("Ask"), "tasks")
    form = forms.Ask(sent(request), people=screens.staff(day), initial=forms.soon(day))
    return form_page(request, form, about, lambda given: acts.asked(request, given))


@page(TODAY)
def standing_in(request: HttpRequest) -> HttpResponseBase:
    """Who stands in for whom."""
    table = Table(
        request, screens.delegations(), AWAY, order=("-id",), name="standing-in", title=_("Who stands in"),
        empty=_("Nobody is away. Say beforehand when you will be, and who sees to your tasks."),
        enrich=screens.last_days,
    )  # fmt: skip
    return table_page(request, "tasks/away.html", table, {"may_delegate": may(request, "tasks.delegate")})


@page(TODAY)
def be_away(request: HttpRequest) -> HttpResponseBase:
    """Say who stands in."""
    day = business_date()
    about = FormPage(_("Be away, and who stands in"), _("Save"), "standing_in", lead=_(
        "Standing in moves work, not authority: whoever stands in needs the role a task asks for, and nobody decides "
        "what they asked for themselves."))  # fmt: skip
    form = forms.Away(
        sent(request), people=screens.staff(day), me=request.user, others=may(request, "platform.add_user"),
        initial=forms.soon(day),
    )  # fmt: skip
    return form_page(request, form, about, lambda given: acts.delegated(request, given))


@page(TODAY)
def end_standing_in(request: HttpRequest, delegation_id: int) -> HttpResponseBase:
    """Somebody is back."""
    found = screens.find_delegation(delegation_id)
    if found is None:
        raise Http404(str(delegation_id))
    about = FormPage(str(found.user), _("Back at work"), "standing_in", template="tasks/back.html")
    form = forms.Back(sent(request))
    return form_page(request, form, about, lambda _given: acts.back_again(request, found), {"item": found})


@page(TODAY)
def notifications(request: HttpRequest) -> HttpResponseBase:
    """What I was told."""
    table = Table(
        request, screens.notifications(request.user.pk or 0), TOLD, order=("-id",), name="told",
        title=_("What I was told"), empty=_("Nothing yet. Tasks handed to you and decisions on what you asked for "
                                            "are told here."), enrich=told_in_words,
    )  # fmt: skip
    return table_page(request, "tasks/told.html", table, {"may_see": may(request, "tasks.see")})


@page(TODAY)
@require_POST
def see(request: HttpRequest) -> HttpResponseBase:
    """Everything is seen."""
    acts.seen(request)
    return redirect("notifications")


@page(TODAY)
def told(request: HttpRequest, notification_id: int) -> HttpResponseBase:
    """Go where it stands; it counts as seen from then on."""
    found = screens.find_notification(notification_id, request.user.pk or 0)
    if found is None:
        raise Http404(str(notification_id))
    if found.seen_at is None and may(request, "tasks.see"):
        acts.seen(request, found)
    return redirect(address(found.link_name, found.link_args) or reverse("notifications"))
