"""Correspondence: letters from templates the office edits."""
