"""Screens of routes: the list, one route's stops in the order they are read, opt-outs from the radio."""
