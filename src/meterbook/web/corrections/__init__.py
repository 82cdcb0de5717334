"""Screens of corrections: the cases, the diff, what is done with a case, what was billed on other usage."""
