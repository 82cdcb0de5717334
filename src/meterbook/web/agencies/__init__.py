"""Money owed to others on screen: every agency, its statement with what stands behind it, handing over, files."""
