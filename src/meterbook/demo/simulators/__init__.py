"""Other systems, played by small processes that speak HTTP: head-end, MDM, card processor."""
