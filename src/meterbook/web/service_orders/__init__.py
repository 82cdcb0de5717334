"""Service orders on screen: lists, one order and its steps, planning in bulk, crews' days, work sheets."""
