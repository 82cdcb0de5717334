"""The register's own same period of last year, times what like customers use this year against last year."""

from meterbook.engine.trace import N_

TITLE = N_("Last year, with this year's trend")
