"""Is a planned run ready to be calculated? What its bills will rest on, counted, each count with its rows and owner."""
