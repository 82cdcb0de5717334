"""Receivables on screen: payments traced, changes by hand, what accounts owe, aging, relations."""
