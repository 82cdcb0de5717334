"""Autopay: authorizations, prenotes, drafts, returns."""
