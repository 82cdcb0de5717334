"""Interval readings become the facts of a bill: kWh by period of use, kW over demand windows, values at a price series.

Everything is set-wise on Polars integers and exact. The caller says which intervals belong to which bill (``group``),
so that any billing period, calendar month or part of one can be asked for.
"""
