"""Why a register gets no estimate; the words of both faces."""

from meterbook.engine.trace import N_

#: In the order in which they are looked for.
PROBLEMS: dict[str, str] = {
    "no_last_read": N_("There is no last read to add to."),
    "no_days": N_("There are no days to estimate."),
    "no_evidence": N_("No method has enough usage on record to go by."),
    "too_much": N_("The estimate is more than the register can believably count."),
    "too_fine": N_("The register's steps times its multiplier are finer than a millionth of the unit."),
}
