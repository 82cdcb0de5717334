"""The statement an agency gets with its money: one tagged page. See README.md."""

from meterbook.notices.agency_statement.render import render_statement, set_statement
from meterbook.notices.typesetting import NotSet

__all__ = ["NotSet", "render_statement", "set_statement"]
