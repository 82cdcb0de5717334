"""A quote for a connection. See README.md."""

from meterbook.notices.installation_quote.gather import render_quote
from meterbook.notices.typesetting import NotSet

__all__ = ["NotSet", "render_quote"]
