"""The printed summary: one bill for a payer of several accounts. See README.md."""

from meterbook.notices.summary.gather import NoSuchSummary, summary_document
from meterbook.notices.summary.render import render_summary

__all__ = ["NoSuchSummary", "render_summary", "summary_document"]
