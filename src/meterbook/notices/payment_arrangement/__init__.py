"""The agreement on a plan of instalments. See README.md."""

from meterbook.notices.payment_arrangement.gather import NoSuchArrangement, agreement_letter, render_letter
from meterbook.notices.typesetting import NotSet

__all__ = ["NoSuchArrangement", "NotSet", "agreement_letter", "render_letter"]
