"""Putting a bill right in the period where the mistake was made, and adjustments beside bills."""

from meterbook.records.corrections.models.cases import CaseItem, CorrectionCase, DecidedUsage, MisappliedUsage

__all__ = ["CaseItem", "CorrectionCase", "DecidedUsage", "MisappliedUsage"]
