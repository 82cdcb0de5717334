"""From reads to usage: what a register counted between two reads, and what a winter's usage averages to.

``register`` and ``winter_average`` work on columns for every register at once; ``explain`` does one register or one
service point in `Decimal` and in words, and never imports them, so that each proves the other.
"""
