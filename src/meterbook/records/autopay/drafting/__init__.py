"""Drafts on their way: what there is to draw, selecting it, settling it, stopping when an account closes."""
