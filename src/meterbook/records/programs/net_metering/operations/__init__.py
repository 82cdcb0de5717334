"""Deeds of net metering: enrol, end, share exports in a group."""

from meterbook.records.programs.net_metering.operations.enrol import end_net_metering, enrol_net_metering
from meterbook.records.programs.net_metering.operations.share import share_exports

__all__ = ["end_net_metering", "enrol_net_metering", "share_exports"]
