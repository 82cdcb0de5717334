"""Refunds on screen: the credit worklist, a refund with its decision, checks and their files."""
