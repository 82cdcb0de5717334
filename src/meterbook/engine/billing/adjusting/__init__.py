"""Adjustments beside bills as cited settings: reasons with limits, fees, and who may do what alone."""
