"""Demand (kW, kVA, kVAR) at a price or in tiers; ratchets, contract minimums and rounding of the billed demand."""
