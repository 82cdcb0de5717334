"""Which faults each rule answers for, by the faults' kind and effect; what its README says it finds, and no threshold.

A rule about one cause (transposed digits, crossed reads …) answers for faults of that cause that make a read which
cannot be right: it fell, has more digits than dials, or means three times the usage or more. That a read tells too
little is no reason to look for a cause, because people travel; it counts in the share of faults found by anyone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from meterbook.demo.bench.vee.labels import WRONG, Fault

Answers = Callable[[Fault], bool]


def _of(*kinds: str, effects: tuple[str, ...] = ()) -> Answers:
    return lambda fault: fault.kind in kinds and (not effects or fault.effect in effects)


#: Rules of reads.
READS: Mapping[str, Answers] = {
    "crossed_reads": _of("swapped", effects=WRONG),
    "wrong_meter": _of("other_meter", effects=WRONG),
    "transposed_digits": _of("transposed", effects=WRONG),
    "dial_count": lambda fault: (
        (fault.kind in ("extra_digit", "missing_digit") and fault.effect in WRONG) or fault.effect == "beyond"
    ),
    "multiplier": _of("multiplied", effects=WRONG),
    "negative": lambda fault: fault.effect == "fell",
    "unusual_rollover": lambda fault: fault.effect == "wrapped",
    "above_limit": lambda fault: fault.too_much,
    "high_low": lambda fault: fault.effect == "soared",
    "duplicate": _of("second_value"),
    "missing": _of("no_read"),
    "time_order": _of("old_read"),
    "stopped_meter": _of("stopped"),
    "zero": _of("stopped_once"),
    "vacant": _of("squatter"),
    "inactive": _of("used_though_locked"),
    "prolonged_estimation": _of("estimated_again"),
    "sum_check": _of("register_differs"),
}
#: Rules of intervals.
INTERVALS: Mapping[str, Answers] = {
    "spike": _of("spike"),
    "missing_intervals": _of("gap"),
    "duplicate_intervals": _of("sent_twice"),
    "negative_intervals": _of("below_zero"),
    "zero_intervals": _of("stuck_at_zero"),
    "clock_drift": _of("day_of_24_hours", "clock_not_changed", "off_the_grid"),
    "never_zero": _of("never_rests"),
    "reverse_flow": _of("sent_back"),
    "high_day": _of("burst"),
}
