"""The register's own usage a day over the year before, as Nehalem, Oregon, estimates."""

from meterbook.engine.trace import N_

TITLE = N_("Mean of the year before")
