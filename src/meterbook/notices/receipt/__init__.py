"""The receipt the counter hands out: a roll of 80 mm or a letter page. See README.md."""

from meterbook.notices.receipt.render import render_receipt, set_receipt

__all__ = ["render_receipt", "set_receipt"]
