"""Speaking HTTP to another meter data management: fetching its reads and exceptions, sending decisions back.

Address and key come from the environment only: ``METERBOOK_MDM_URL``, ``_TOKEN`` (sent as a bearer token),
``_SECONDS`` (to wait for an answer: 60). The addresses: docs/guides/mdm.md. No question is asked in a transaction.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import quote

import httpx

from meterbook.formats.mdm_csv import Clearance
from meterbook.records.metering.mdm.operations.clear import gather_clearances, mark_cleared
from meterbook.records.metering.mdm.operations.import_mdm import MdmTaken, import_mdm
from meterbook.records.metering.mdm.screens import as_clearance
from meterbook.records.platform.deeds import Act, NotPermitted

#: Seconds before the second and third try.
PAUSES = (0.5, 2.0)
_AGAIN = {429, 500, 502, 503, 504}
_LONGEST = 200


class MdmRefused(ValueError):
    """The other system cannot be asked, or does not answer as agreed; the message says why."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """What sending decisions came to: known there now, and refused or not reached."""

    sent: int
    left: int
    problem: str = ""


class HttpMdm:
    """Another MDM reached by HTTP."""

    def __init__(
        self, url: str, *, token: str = "", seconds: float = 60, wait: Callable[[float], None] = time.sleep
    ) -> None:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._client = httpx.Client(base_url=url, headers=headers, timeout=seconds, follow_redirects=False)
        self._wait = wait

    def billing_reads(self, since: date) -> bytes:
        """Reads and exceptions from a day on, as `formats.mdm_csv` has them; raises `MdmRefused`."""
        answer = self._asked("GET", "/v1/billing-reads.csv", params={"since": since.isoformat()})
        if answer.status_code != 200:
            raise MdmRefused(f"the MDM answered {answer.status_code} {answer.text[:_LONGEST]}")
        return answer.content

    def clear(self, clearance: Clearance) -> str:
        """Tell one decision and return the other system's words; telling it again is no other decision.

        Raises `MdmRefused`.
        """
        reading = None if clearance.reading is None else f"{clearance.reading:f}"
        body = {"decision": clearance.decision, "reading": reading, "decided_on": clearance.decided_on.isoformat()}
        answer = self._asked("PUT", f"/v1/clearances/{quote(clearance.reference, safe='')}", json=body)
        if answer.status_code not in (200, 201, 204):
            raise MdmRefused(f"{clearance.reference}: {answer.status_code} {answer.text[:_LONGEST]}".strip())
        return f"{answer.status_code} {answer.text[:_LONGEST]}".strip()

    def _asked(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None,
        json: Mapping[str, str | None] | None = None,
    ) -> httpx.Response:  # fmt: skip
        problem = ""
        for pause in (*PAUSES, None):
            try:
                answer = self._client.request(method, path, params=params, json=json)
            except (httpx.TimeoutException, httpx.TransportError) as error:
                problem = type(error).__name__
            else:
                if answer.status_code not in _AGAIN:
                    return answer
                problem = str(answer.status_code)
            if pause is not None:
                self._wait(pause)
        raise MdmUnreached(f"the MDM did not answer after {len(PAUSES) + 1} tries: {problem}")


class MdmUnreached(MdmRefused):
    """The other system is not there; nothing of what is left need be tried now."""


def mdm(environment: Mapping[str, str] | None = None) -> HttpMdm:
    """The MDM the environment names; raises `MdmRefused`."""
    found = os.environ if environment is None else environment
    url = found.get("METERBOOK_MDM_URL", "")
    if not url.startswith(("http://", "https://")):
        raise MdmRefused("no MDM is set up here: METERBOOK_MDM_URL is not set in the environment")
    seconds = float(found.get("METERBOOK_MDM_SECONDS", "60"))
    return HttpMdm(url, token=found.get("METERBOOK_MDM_TOKEN", ""), seconds=seconds)


def pull(act: Act, *, since: date, asked: HttpMdm | None = None) -> MdmTaken:
    """Fetch reads and exceptions and load them; fetching the same again changes nothing.

    Raises `MdmRefused`, `NotPermitted`, `formats.contract.WrongFormat`.
    """
    if not import_mdm.permitted(act.actor, act.business_date):
        raise NotPermitted(f"{act.actor.username} may not do {import_mdm.kind} on {act.business_date}")
    content = (asked or mdm()).billing_reads(since)
    return import_mdm(act, file_name=f"mdm-{since.isoformat()}.csv", content=content)


def push(act: Act, *, asked: HttpMdm | None = None) -> Pushed:
    """Send every decision the MDM does not know yet. One it refuses is kept with its answer and tried next time; when
    the MDM itself is not there, the rest waits. Raises `MdmRefused` where none is set up, `NotPermitted`.
    """
    there = asked or mdm()
    waiting = gather_clearances(act)
    sent, problem = 0, ""
    for clearance in waiting:
        try:
            answer, known = there.clear(as_clearance(clearance)), True
        except MdmUnreached as error:
            return Pushed(sent, len(waiting) - sent, str(error))
        except MdmRefused as error:
            answer, known, problem = str(error), False, str(error)
        mark_cleared(act, clearance=clearance, sent=known, answer=answer)
        sent += known
    return Pushed(sent, len(waiting) - sent, problem)
