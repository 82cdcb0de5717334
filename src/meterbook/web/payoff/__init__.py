"""Payoff statements on screen."""
