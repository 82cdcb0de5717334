"""Asking the building department's API for permits, page by page, each taken into the queue as it comes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import httpx

from meterbook.formats.permits import has_more
from meterbook.records.new_service.operations.import_permits import import_permits
from meterbook.records.platform.deeds import Act

if TYPE_CHECKING:
    from meterbook.records.platform.models import ImportBatch

PAGE = 100
_EXPAND = "addresses,parcels,owners,professionals,customForms"
_MOST_PAGES = 1_000


class PermitsNotPulled(ValueError):
    """The API is not set up, does not answer, or refuses; says which and what to set."""


def pull_permits(act: Act, *, since: date) -> Iterator[ImportBatch]:
    """Take every permit opened since a day, a page at a time; run again, what did not change does nothing.

    The address is METERBOOK_PERMITS_URL, the token METERBOOK_PERMITS_TOKEN. Raises `PermitsNotPulled`, and
    `WrongFormat` for an answer that is none; the pages before it stay.
    """
    base, token = os.environ.get("METERBOOK_PERMITS_URL", ""), os.environ.get("METERBOOK_PERMITS_TOKEN", "")
    if not base or not token:
        raise PermitsNotPulled("set METERBOOK_PERMITS_URL and METERBOOK_PERMITS_TOKEN to the building department's API")
    headers = {"Authorization": token, "Accept": "application/json"}
    with httpx.Client(base_url=base, headers=headers, timeout=30) as client:
        for page in range(_MOST_PAGES):
            content = _page(client, since, page * PAGE)
            name = f"permits-{since}-{page * PAGE}.json"
            yield import_permits(act, format="permits-accela", file_name=name, content=content)
            if not has_more(content):
                return
    raise PermitsNotPulled(f"more than {_MOST_PAGES * PAGE:,} permits since {since}: pull from a later day")


def _page(client: httpx.Client, since: date, offset: int) -> bytes:
    asked: dict[str, str | int] = {
        "openedDateFrom": since.isoformat(), "offset": offset, "limit": PAGE, "expand": _EXPAND,
    }  # fmt: skip
    try:
        answer = client.get("/v4/records", params=asked)
    except httpx.HTTPError as error:
        raise PermitsNotPulled(f"no answer from {client.base_url}: {error}") from error
    if answer.status_code != 200:
        raise PermitsNotPulled(f"{client.base_url} answered {answer.status_code}: {answer.text[:200]}")
    return answer.content
