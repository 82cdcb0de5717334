"""The register's own usage a day in the period just before."""

from meterbook.engine.trace import N_

TITLE = N_("The period before")
