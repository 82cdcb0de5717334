"""The sheet for setting a meter. See README.md."""

from meterbook.notices.set_sheet.gather import NoSuchOrder, render_set_sheet
from meterbook.notices.typesetting import NotSet

__all__ = ["NoSuchOrder", "NotSet", "render_set_sheet"]
