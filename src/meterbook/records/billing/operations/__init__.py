"""Deeds on bill runs: plan, calculate, post, cancel; and on the billing calendar: compute, edit, publish."""

from meterbook.records.billing.operations.calculate_run import calculate_run
from meterbook.records.billing.operations.cancel_run import cancel_run
from meterbook.records.billing.operations.compute_calendar import compute_calendar
from meterbook.records.billing.operations.edit_calendar import edit_calendar
from meterbook.records.billing.operations.plan_run import plan_run
from meterbook.records.billing.operations.post_run import post_run
from meterbook.records.billing.operations.publish_calendar import publish_calendar, withdraw_calendar

__all__ = [
    "calculate_run",
    "cancel_run",
    "compute_calendar",
    "edit_calendar",
    "plan_run",
    "post_run",
    "publish_calendar",
    "withdraw_calendar",
]
