"""Speaking HTTP to a head-end, and putting what it answers on record. No question is asked within a transaction.

Address and key come from the environment only: ``METERBOOK_HEAD_END_URL``, ``_TOKEN`` (sent as a bearer token),
``_NAME`` (what the record calls it), ``_SECONDS`` (to wait for an answer: 20). The addresses: docs/guides/head-end.md.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import httpx

from meterbook.records.metering.head_end.contract import (
    Answer,
    HeadEnd,
    HeadEndFailed,
    HeadEndSilent,
    MeterUnknown,
    NotConfigured,
    Status,
)
from meterbook.records.metering.head_end.operations.record_answer import record_ping, record_read_now
from meterbook.records.platform.deeds import Act, NotPermitted, Operation

if TYPE_CHECKING:
    from meterbook.records.metering.models import Meter, Ping, Register

#: Seconds before the second and third try; errors of the head-end's own are tried again, refusals are not.
PAUSES = (0.5, 2.0)
#: Seconds that somebody who waits for a page is kept waiting at most: one try, no other.
SHORT = 5.0
_AGAIN = {429, 500, 502, 503, 504}
_LONGEST = 120


class HttpHeadEnd:
    """A head-end reached by HTTP."""

    def __init__(self, url: str, *, token: str = "", name: str = "", seconds: float = 20,
                 wait: Callable[[float], None] = time.sleep, pauses: tuple[float, ...] = PAUSES) -> None:  # fmt: skip
        self.name = name or httpx.URL(url).host
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=seconds, follow_redirects=False)
        self._wait, self._pauses = wait, pauses

    def ping(self, serial: str) -> Answer:
        """Ask whether a meter talks; raises `contract.HeadEndRefused`."""
        return _answer(self._asked("POST", f"/v1/meters/{quote(serial, safe='')}/ping", serial), value=False)

    def read_now(self, serial: str, channel: str) -> Answer:
        """Ask what a register shows now; raises `contract.HeadEndRefused`."""
        found = self._asked("POST", f"/v1/meters/{quote(serial, safe='')}/read", serial, {"channel": channel})
        if found.get("answered") is True and found.get("channel") != channel:
            raise HeadEndFailed(found=f"channel {found.get('channel')}"[:_LONGEST])
        return _answer(found, value=True)

    def status(self) -> Status:
        """Ask whether the head-end is there; raises `contract.HeadEndRefused`."""
        found = self._asked("GET", "/v1/status", "")
        try:
            return Status(str(found["name"]), str(found["version"]), int(found["meters"]))
        except (KeyError, TypeError, ValueError) as error:
            raise HeadEndFailed(found=f"status without {error}"[:_LONGEST]) from error

    def _asked(self, method: str, path: str, serial: str, body: Mapping[str, str] | None = None) -> dict[str, Any]:
        """The JSON object answered; a time-out or an error of the head-end's own is tried again."""
        for pause in (*self._pauses, None):
            try:
                answer = self._client.request(method, path, json=body)
            except (httpx.TimeoutException, httpx.TransportError):
                answer = None
            if answer is not None and answer.status_code not in _AGAIN:
                return _object(answer, serial)
            if pause is not None:
                self._wait(pause)
        if answer is None:
            raise HeadEndSilent(tries=len(self._pauses) + 1)
        raise HeadEndFailed(found=f"{answer.status_code} {answer.reason_phrase}")


def head_end(environment: Mapping[str, str] | None = None, *, patient: bool = True) -> HeadEnd:
    """The head-end the environment names; raises `NotConfigured`.

    One that is not ``patient`` asks once and waits `SHORT` seconds at most: for a person in front of a page.
    """
    found = os.environ if environment is None else environment
    url = found.get("METERBOOK_HEAD_END_URL", "")
    if not url.startswith(("http://", "https://")):
        raise NotConfigured
    seconds = float(found.get("METERBOOK_HEAD_END_SECONDS", "20"))
    return HttpHeadEnd(
        url, token=found.get("METERBOOK_HEAD_END_TOKEN", ""), name=found.get("METERBOOK_HEAD_END_NAME", ""),
        seconds=seconds if patient else min(seconds, SHORT), pauses=PAUSES if patient else (),
    )  # fmt: skip


def configured(environment: Mapping[str, str] | None = None) -> bool:
    """Whether there is a head-end to ask."""
    try:
        head_end(environment)
    except NotConfigured:
        return False
    return True


def ping_meter(act: Act, meter: Meter, asked: HeadEnd | None = None) -> Ping:
    """Ask whether a meter talks and keep the answer. Raises `contract.HeadEndRefused`, `NotPermitted`.

    Without ``asked`` it is the head-end of the environment, once and briefly; give `head_end()` to try longer.
    """
    _refuse_others(act, record_ping)
    there = asked or head_end(patient=False)
    return record_ping(act, meter=meter, head_end=there.name, answer=there.ping(meter.serial))


def read_meter_now(act: Act, register: Register, asked: HeadEnd | None = None) -> Ping:
    """Ask what a register shows now and keep the answer; as briefly as `ping_meter`, and raises the same."""
    _refuse_others(act, record_read_now)
    there = asked or head_end(patient=False)
    answer = there.read_now(register.meter.serial, register.channel)
    return record_read_now(act, register=register, head_end=there.name, answer=answer)


def _refuse_others(act: Act, operation: Operation[..., Any]) -> None:
    """Nobody asks a meter who may not keep the answer."""
    if not operation.permitted(act.actor, act.business_date):
        raise NotPermitted(f"{act.actor.username} may not do {operation.kind} on {act.business_date}")


def _object(answer: httpx.Response, serial: str) -> dict[str, Any]:
    if answer.status_code == 404 and serial:
        raise MeterUnknown(serial=serial)
    try:
        found = answer.json()
    except ValueError:
        found = None
    if answer.status_code >= 300 or not isinstance(found, dict):
        raise HeadEndFailed(found=f"{answer.status_code} {answer.text.strip() or answer.reason_phrase}"[:_LONGEST])
    return found


def _answer(found: dict[str, Any], *, value: bool) -> Answer:
    """The answer as the contract has it; anything half told is no answer."""
    answered, text = found.get("answered"), found.get("at")
    try:
        at = datetime.fromisoformat(text) if isinstance(text, str) else None
        read = Decimal(found["value"]) if value and answered and isinstance(found.get("value"), str) else None
    except (ValueError, InvalidOperation) as error:
        raise HeadEndFailed(found=str(found)[:_LONGEST]) from error
    sound = isinstance(answered, bool) and (at is None or at.tzinfo is not None)
    complete = not answered or (at is not None and (not value or (read is not None and read.is_finite() and read >= 0)))
    if not sound or not complete:
        raise HeadEndFailed(found=str(found)[:_LONGEST])
    return Answer(bool(answered), at, read, str(found.get("unit", "")), str(found.get("message", "")))
