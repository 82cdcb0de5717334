"""The meter shop: a meter's life from its arrival to its retirement, tests, seals, rights, and where it hangs."""
