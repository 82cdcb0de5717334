"""Meters and where they hang, what they read, the usage between two reads, what was questioned and who decided."""

from meterbook.records.metering.models.devices import (
    AmiOptOut,
    Installation,
    Meter,
    MeterStep,
    MeterTest,
    Ping,
    Register,
    Seal,
)
from meterbook.records.metering.models.field import FieldRequest, FieldRequestStep
from meterbook.records.metering.models.intervals import BillingDeterminant, IntervalChannel, IntervalLoad
from meterbook.records.metering.models.questions import Finding, MdmClearance, ReadException
from meterbook.records.metering.models.reads import Estimate, Read, TrueUp, Usage
from meterbook.records.metering.models.sources import ReadSource, ReceivedFile

__all__ = [
    "AmiOptOut", "BillingDeterminant", "Estimate", "FieldRequest", "FieldRequestStep", "Finding", "Installation",
    "IntervalChannel", "IntervalLoad", "MdmClearance", "Meter", "MeterStep", "MeterTest", "Ping", "Read",
    "ReadException", "ReadSource", "ReceivedFile", "Register", "Seal", "TrueUp", "Usage",
]  # fmt: skip
