"""Validation: rules that look at reads before they are believed, each a folder, all set by one policy document."""
