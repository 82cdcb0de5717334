"""The pages of the billing calendar: a year, a month, one date with its reasons, and what is done with them."""
