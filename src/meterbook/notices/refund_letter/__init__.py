"""The letter that goes with a refund. See README.md."""

from meterbook.notices.refund_letter.gather import NoSuchRefund, refund_letter, render_letter
from meterbook.notices.typesetting import NotSet

__all__ = ["NoSuchRefund", "NotSet", "refund_letter", "render_letter"]
