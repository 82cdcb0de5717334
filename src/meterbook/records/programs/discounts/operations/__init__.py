"""The operations of discounts."""
