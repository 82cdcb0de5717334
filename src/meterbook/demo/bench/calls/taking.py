"""Taking the calls one after another, and what a clerk's hands add to what the machine takes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from meterbook.demo.bench.calls.desk import CALLS, ORDER, Call, Callers
from meterbook.demo.bench.calls.driver import Clerk

if TYPE_CHECKING:
    from playwright.sync_api import Page

#: The keystroke-level model (Card, Moran and Newell 1980): pointing and clicking, a key of an average typist, thinking
#: before each action; in seconds.
_POINT, _KEY, _THINK = 1.3, 0.28, 1.35


def take(page: Page, who: Callers, *, only: int | None = None) -> Iterator[dict[str, Any]]:
    """Take the calls; for each its figures beside the target. Raises `CallFailed`."""
    by_number = {call.number: call for call in CALLS}
    for number in ORDER if only is None else (only,):
        yield _taken(page, by_number[number], who)


def _taken(page: Page, call: Call, who: Callers) -> dict[str, Any]:
    clerk = Clerk(page)
    call.goes(clerk, who)
    hands = clerk.actions * (_POINT + _THINK) + clerk.typed * _KEY
    return {
        "call": call.number, "title": call.title, "actions": clerk.actions, "target_actions": call.actions,
        "machine_seconds": round(clerk.seconds, 2), "seconds": round(clerk.seconds + hands, 1),
        "target_seconds": call.seconds, "done": clerk.done,
    }  # fmt: skip
