"""Work sheets of service orders: the day's list, then a page an order. See README.md."""

from meterbook.notices.typesetting import NotSet
from meterbook.notices.work_sheet.gather import render_sheets

__all__ = ["NotSet", "render_sheets"]
