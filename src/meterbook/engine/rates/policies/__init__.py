"""Formulas of the office as documents: late fees, level pay. They say an amount; ledgers say when it is posted."""
