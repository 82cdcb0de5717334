"""Locate tickets of the 811 centre: the list with its clocks, one ticket, taking in, answering, the centre's hook."""
