"""What service orders go by: the cited rules of kinds, checklists, codes, hours."""
