"""Billing: runs, bills, segments, lines, and the guard that no period is billed twice."""
