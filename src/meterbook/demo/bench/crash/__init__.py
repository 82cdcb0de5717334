"""Bill runs and payment imports broken at random moments and gone on with: nothing twice, nothing missing."""
