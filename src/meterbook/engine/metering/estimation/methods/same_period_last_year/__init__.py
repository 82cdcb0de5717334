"""The register's own usage a day in the same days of last year, as most utilities estimate first."""

from meterbook.engine.trace import N_

TITLE = N_("Same period last year")
