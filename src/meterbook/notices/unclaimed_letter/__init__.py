"""The letter to the owner of unclaimed money. See README.md."""

from meterbook.notices.typesetting import NotSet
from meterbook.notices.unclaimed_letter.gather import NoSuchMoney, render_letter, unclaimed_letter

__all__ = ["NoSuchMoney", "NotSet", "render_letter", "unclaimed_letter"]
