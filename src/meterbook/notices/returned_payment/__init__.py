"""The letter about a payment that came back. See README.md."""

from meterbook.notices.returned_payment.gather import NoSuchReturn, render_letter, returned_letter
from meterbook.notices.typesetting import NotSet

__all__ = ["NoSuchReturn", "NotSet", "render_letter", "returned_letter"]
