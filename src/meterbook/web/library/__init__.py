"""The library on screen: what the office knows, registers it keeps, files kept long enough."""
