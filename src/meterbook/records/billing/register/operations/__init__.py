"""Deeds of the pre-bill register: hold, put off, release, let through, calculate one account again."""

from meterbook.records.billing.register.operations.hold import delay_bill, hold_account, release_hold
from meterbook.records.billing.register.operations.let_through import let_through
from meterbook.records.billing.register.operations.recalculate import recalculate_account

__all__ = ["delay_bill", "hold_account", "let_through", "recalculate_account", "release_hold"]
