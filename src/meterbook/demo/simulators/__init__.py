"""Other systems, played by small processes that speak HTTP: a head-end and another meter data management."""
