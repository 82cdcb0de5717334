"""The billing calendar to hang up and to subscribe to: a page a cycle and year, and iCalendar. See README.md."""

from meterbook.notices.billing_calendar.feed import calendar_feed, events_feed
from meterbook.notices.billing_calendar.gather import NoCalendar
from meterbook.notices.billing_calendar.render import render_calendar, set_calendar

__all__ = ["NoCalendar", "calendar_feed", "events_feed", "render_calendar", "set_calendar"]
