"""The letter that tells a customer what their sewer is billed by for the coming year. See README.md."""

from meterbook.notices.winter_average.gather import letter_documents
from meterbook.notices.winter_average.render import Letters, render_letter, render_letters

__all__ = ["Letters", "letter_documents", "render_letter", "render_letters"]
