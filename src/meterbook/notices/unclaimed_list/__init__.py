"""The list of unclaimed money as it is published. See README.md."""

from meterbook.notices.typesetting import NotSet
from meterbook.notices.unclaimed_list.gather import NoSuchList, published_list, render_list

__all__ = ["NoSuchList", "NotSet", "published_list", "render_list"]
