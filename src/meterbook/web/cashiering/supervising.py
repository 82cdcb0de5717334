"""A supervisor signs at the cashier's window: name, password and, where there is one, the second factor's code."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext as _


class NotSigned(ValueError):
    """The name, the password or the code is wrong, or was tried too often."""


def supervisor(request: HttpRequest, *, username: str, password: str, code: str) -> int:
    """The user who signs, by id; nobody is signed in by it.

    Raises `NotSigned`; too many tries are refused for a while.
    """
    try:
        user = get_adapter(request).authenticate(request, username=username, password=password)
    except forms.ValidationError as refused:
        raise NotSigned(" ".join(refused.messages)) from refused
    if user is None or not user.is_active:
        raise NotSigned(_("Name or password is wrong. Nothing was voided."))
    second = Authenticator.objects.filter(user=user).exclude(type=Authenticator.Type.RECOVERY_CODES)
    if second.exists() and not any(each.wrap().validate_code(code) for each in second.filter(type="totp")):
        raise NotSigned(_("The code of the second factor is wrong or missing. Nothing was voided."))
    return int(user.pk)
