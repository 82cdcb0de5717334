"""The policy ``field-work``: what a crew does at the valve when the office cannot be asked, and whom it calls.

>>> rules = parse_field_work({"unasked": {"nonpayment": "stop", "other": "may"}, "call": "555 0100"})
>>> rules.unasked("nonpayment"), rules.unasked("requested"), rules.call
('stop', 'may', '555 0100')
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

#: Without an answer the valve stays as it is, or the work may go on as ordered.
CHOICES = ("stop", "may")


class WrongFieldWork(ValueError):
    """The policy cannot be read; the message names the key, what was found and what is expected."""


@dataclass(frozen=True, slots=True)
class FieldWork:
    """Where no policy is released nobody is cut off unasked."""

    nonpayment: str = "stop"
    other: str = "may"
    call: str = ""

    def unasked(self, cause: str) -> str:
        """What is done at the valve without an answer, by why service goes off or on."""
        return self.nonpayment if cause == "nonpayment" else self.other


def parse_field_work(found: Mapping[str, Any]) -> FieldWork:
    """Read the document; raises `WrongFieldWork`."""
    unasked = found.get("unasked")
    if not isinstance(unasked, dict) or set(unasked) != {"nonpayment", "other"}:
        raise WrongFieldWork(f"unasked: found {unasked!r}, expected nonpayment and other")
    for cause, choice in unasked.items():
        if choice not in CHOICES:
            raise WrongFieldWork(f"unasked.{cause}: found {choice!r}, expected one of {', '.join(CHOICES)}")
    call = found.get("call", "")
    if not isinstance(call, str) or len(call) > 40:
        raise WrongFieldWork(f"call: found {call!r}, expected a phone number as text")
    return FieldWork(unasked["nonpayment"], unasked["other"], call)
