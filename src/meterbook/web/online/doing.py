"""What the forms of paying online do, each one operation."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext

from meterbook.records.customers.screens import account as account_numbered
from meterbook.records.online.operations.begin_checkout import begin_checkout
from meterbook.records.online.operations.kiosks import create_kiosk, revoke_kiosk
from meterbook.web.kit.access import act


class NoSuchAccount(ValueError):
    """No account has that number."""


def page_made(request: HttpRequest, given: dict[str, Any]) -> str:
    """Make a payment page; its address is shown."""
    account = account_numbered(given["number"].strip())
    if account is None:
        raise NoSuchAccount(gettext("No account has this number."))
    cents = int(given["amount"].scaleb(2))
    made = begin_checkout(act(request, "counter"), account=account, cents=cents, key=given["key"])
    messages.success(request, gettext("Give the customer this address: %(url)s") % {"url": made.url})
    return reverse("checkouts")


def kiosk_made(request: HttpRequest, given: dict[str, Any]) -> str:
    """Make a kiosk known; its token is shown this once."""
    made, token = create_kiosk(act(request, given["reason"]), name=given["name"])
    messages.success(
        request, gettext("Token of %(name)s, shown only now: %(token)s") % {"name": made.name, "token": token}
    )
    return reverse("kiosks")


def kiosk_revoked(request: HttpRequest, kiosk: Any, given: dict[str, Any]) -> str:
    """Take a kiosk's token back."""
    revoke_kiosk(act(request, given["reason"]), kiosk=kiosk)
    messages.success(request, gettext("%(name)s is revoked.") % {"name": kiosk.name})
    return reverse("kiosks")
