"""The usual usage a day of customers of the same class in this season: nothing is known of the register itself."""

from meterbook.engine.trace import N_

TITLE = N_("Average of like customers")
