"""The one letter: a page to a customer, in the customer's language, set as a tagged PDF (PDF/UA-1). See README.md."""

from meterbook.notices.letters.letter import Letter, long_day, money, set_letters, to_holder
from meterbook.notices.typesetting import NotSet

__all__ = ["Letter", "NotSet", "long_day", "money", "set_letters", "to_holder"]
