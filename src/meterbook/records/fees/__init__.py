"""Fees: the catalogue, one-off charges, requests paid before dispatch, development charges."""
