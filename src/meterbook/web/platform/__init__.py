"""Screens of the platform: today, approvals, display preferences."""
