"""How a partner's payment files are read: the format, with the layout or profile the utility released for it.

`lockbox` is read by the policy `lockbox-layouts` where there is one. `bill-pay/remitco` is the format `bill-pay` by
the profile `remitco` of the policy `payment-profiles`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import yaml

from meterbook.formats.contract import Format, ParsedPayments
from meterbook.formats.registry import discover, payment_format
from meterbook.records.platform.policies import NoPolicy, policy

#: The channel a format's payments come by, and what they are where the file does not say.
CHANNELS = {"lockbox": "lockbox", "bill-pay": "bill_pay", "settlement": "settlement"}
TENDER_OF = {"lockbox": "check", "bill-pay": "bill_pay", "settlement": "card"}


class UnknownProfile(LookupError):
    """No profile of that name is released; the message lists those that are."""


def reader(name: str, on: date) -> Callable[[bytes], ParsedPayments]:
    """The reader of a format, or of ``format/profile``, in force on a day.

    Raises `UnknownFormat`, `UnknownProfile`, and what a wrong profile says.
    """
    format_name, _, profile = name.partition("/")
    found = payment_format(format_name)
    if profile:
        return _profiled(found, _profile(format_name, profile, on))
    layouts = _in_force("lockbox-layouts", on) if format_name == "lockbox" else {}
    return _profiled(found, layouts) if layouts else found.parse


def choices(on: date) -> list[str]:
    """Every format and profile a payment file can be read by."""
    named = [f"{each['format']}/{name}" for name, each in _profiles(on).items()]
    return sorted(name for name, each in discover().items() if each.kind == "payments") + sorted(named)


def _profile(format_name: str, name: str, on: date) -> Mapping[str, Any]:
    known = {key: each for key, each in _profiles(on).items() if each.get("format") == format_name}
    if name not in known:
        raise UnknownProfile(f"no {format_name} profile {name!r}; known: {', '.join(sorted(known)) or 'none'}")
    return {key: value for key, value in known[name].items() if key not in ("format", "title")}


def _profiles(on: date) -> dict[str, Any]:
    found: dict[str, Any] = _in_force("payment-profiles", on).get("profiles", {})
    return found


def _in_force(code: str, on: date) -> dict[str, Any]:
    try:
        return policy(code, on)
    except NoPolicy:
        return {}


def _profiled(found: Format[ParsedPayments], document: Mapping[str, Any]) -> Callable[[bytes], ParsedPayments]:
    assert found.profiled is not None
    return found.profiled(yaml.safe_dump(dict(document)))
