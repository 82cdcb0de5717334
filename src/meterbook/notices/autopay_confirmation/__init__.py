"""The letter that confirms an authorisation to draw bills. See README.md."""

from meterbook.notices.autopay_confirmation.gather import NoSuchEnrolment, confirmation, render_letter
from meterbook.notices.typesetting import NotSet

__all__ = ["NoSuchEnrolment", "NotSet", "confirmation", "render_letter"]
