"""Closing a month: the checklist's policy, the mapping to the city's general ledger, what is used and not yet billed."""
