"""Deeds on the platform itself: the business date, approvals, documents, users."""
