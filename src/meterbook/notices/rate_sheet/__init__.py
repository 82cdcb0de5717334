"""The printed rate sheet: one schedule with its rates and citations, or every rate in force. See README.md."""

from meterbook.notices.rate_sheet.render import render_rate_list, render_rate_sheet, set_sheets

__all__ = ["render_rate_list", "render_rate_sheet", "set_sheets"]
