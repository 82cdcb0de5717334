"""What the forms and keys of tasks do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext

from meterbook.records.platform.deeds import NotPermitted
from meterbook.records.tasks.operations import handling, standing_in, telling
from meterbook.web.kit.access import act
from meterbook.web.kit.refusals import in_words, is_refusal


def back(request: HttpRequest, otherwise: str) -> str:
    """Where the page that asked wants to return to, if that is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if wanted and safe else otherwise


def at_once(request: HttpRequest, task: Any, do: Callable[..., object], said: str) -> HttpResponseRedirect:
    """Do what one key asks for, and return; a refusal is said on the page one returns to."""
    try:
        do(act(request), task=task)
        messages.success(request, said)
    except NotPermitted:
        raise
    except Exception as error:
        if not is_refusal(error):
            raise
        messages.error(request, in_words(error))
    return redirect(back(request, reverse("task", args=[task.pk])))


def claimed(request: HttpRequest, task: Any) -> HttpResponseRedirect:
    """Take it."""
    return at_once(request, task, handling.claim, gettext("The task is yours."))


def finished(request: HttpRequest, task: Any) -> HttpResponseRedirect:
    """Done."""
    return at_once(request, task, handling.finish, gettext("Done."))


def put_back(request: HttpRequest, task: Any) -> HttpResponseRedirect:
    """Back into the queue."""
    return at_once(request, task, handling.put_back, gettext("The task waits in the queue again."))


def handed_over(request: HttpRequest, task: Any, given: dict[str, Any]) -> str:
    """Give it to a colleague."""
    handling.hand_over(act(request, given["note"]), task=task, to=given["to"], note=given["note"])
    messages.success(request, gettext("%(name)s has the task now and was told.") % {"name": given["to"]})
    return back(request, reverse("tasks"))


def cancelled(request: HttpRequest, task: Any, given: dict[str, Any]) -> str:
    """Not needed any more."""
    handling.cancel(act(request, given["reason"]), task=task, note=given["reason"])
    messages.success(request, gettext("The task is off the list."))
    return reverse("tasks")


def asked(request: HttpRequest, given: dict[str, Any]) -> str:
    """Ask a role or a colleague."""
    made = handling.ask(
        act(request), words=given["words"], role=given["role"], user=given["to"], due_on=given["due_on"]
    )
    messages.success(request, gettext("Asked."))
    return reverse("task", args=[made.pk])


def delegated(request: HttpRequest, given: dict[str, Any]) -> str:
    """Say who stands in."""
    standing_in.delegate(act(request), user=given["user"], to=given["to"], first=given["first"], last=given["last"])
    messages.success(request, gettext("%(name)s stands in and was told.") % {"name": given["to"]})
    return reverse("standing_in")


def back_again(request: HttpRequest, delegation: Any) -> str:
    """Somebody is back."""
    standing_in.end_delegation(act(request), delegation=delegation)
    messages.success(request, gettext("Nobody stands in any more."))
    return reverse("standing_in")


def seen(request: HttpRequest, notification: Any = None) -> None:
    """Mark one or all as seen."""
    telling.see(act(request), notification=notification)
