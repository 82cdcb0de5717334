"""Places: parcels, premises, service points and the dated facts that bills depend on."""
