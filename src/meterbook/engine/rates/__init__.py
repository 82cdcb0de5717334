"""Rates: a tariff document becomes charges, twice: `price` on columns for a run, `explain` on one bill in words."""
