"""Letters about deposits: certificate, interest statement, refund, renewal of an instrument. See README.md."""

from meterbook.notices.deposit.gather import KINDS, NothingToSay, letter_document
from meterbook.notices.deposit.render import render_letter, set_letters

__all__ = ["KINDS", "NothingToSay", "letter_document", "render_letter", "set_letters"]
