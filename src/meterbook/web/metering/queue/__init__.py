"""The exception queue on screen: the list, one case, decisions by key or button, bulk decisions with a preview."""
