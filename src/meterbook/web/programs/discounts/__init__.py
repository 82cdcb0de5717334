"""Discounts and the medical baseline on screen: enrol with the checklist in sight, renew, end, who is due."""
