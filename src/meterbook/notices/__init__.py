"""Notices: what the utility sends to people, one folder each, with its template, words, manual and samples."""
