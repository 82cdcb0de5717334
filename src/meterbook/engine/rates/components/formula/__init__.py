"""An amount that a formula says."""
