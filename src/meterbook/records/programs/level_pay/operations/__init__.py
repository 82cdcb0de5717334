"""Deeds of level payment: enrol, review, remove, settle."""

from meterbook.records.programs.level_pay.operations.end import remove_level_pay, settle_level_pay
from meterbook.records.programs.level_pay.operations.enrol import enrol_level_pay
from meterbook.records.programs.level_pay.operations.review import review_level_pay

__all__ = ["enrol_level_pay", "remove_level_pay", "review_level_pay", "settle_level_pay"]
