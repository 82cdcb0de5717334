"""Adjustments: charges and credits beside bills, with reasons, limits, proof and a second person; leak credits."""
