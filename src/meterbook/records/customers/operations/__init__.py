"""Deeds on customers: accounts opened, people moving in and out, schedules changed, protections recorded."""
