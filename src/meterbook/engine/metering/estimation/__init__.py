"""Estimating what was not read: reads (``estimate``), gaps of intervals (``fill``), and setting it right when the
register is read again (``true_up``, ``settle``). Columns and explanation are apart; see docs/guides/estimation.md.
"""
