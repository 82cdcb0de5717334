"""Deeds on bill runs: plan, calculate, post, cancel."""

from meterbook.records.billing.operations.calculate_run import calculate_run
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.plan_run import plan_run
from meterbook.records.billing.operations.post_run import post_run

__all__ = ["calculate_run", "cancel_run", "plan_run", "post_run"]
