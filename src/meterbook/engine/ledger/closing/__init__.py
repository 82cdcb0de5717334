"""Closing a month: the checklist, the mapping to the general ledger, what is used and not yet billed."""
