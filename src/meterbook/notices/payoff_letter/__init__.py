"""What pays an account off, for a title or escrow company. See README.md."""

from meterbook.notices.payoff_letter.gather import payoff_letter, render_letter
from meterbook.notices.typesetting import NotSet

__all__ = ["NotSet", "payoff_letter", "render_letter"]
