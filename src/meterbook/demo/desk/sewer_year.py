"""Each July the sewer is billed by last winter's water: drawn by billing, agreed to by the supervisor, set."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from meterbook.records.platform.deeds import Act
from meterbook.records.platform.operations.approvals import decide_approval
from meterbook.records.programs.winter_average.operations.reset import (
    NothingToReset,
    apply_winter_reset,
    draw_winter_reset,
    request_winter_reset,
)


def reset_sewer_year(act: Callable[[str, str], Act], effective: date) -> None:
    """Draw the winter averages of a new sewer year, have them agreed to, and put them in force."""
    billing = act("billing", "annual winter average")
    try:
        reset = draw_winter_reset(billing, effective=effective)
    except NothingToReset:
        return
    request = request_winter_reset(billing, reset=reset)
    decide_approval(act("supervisor", "winter averages looked over"), request=request, approve=True)
    apply_winter_reset(billing, reset=reset)
