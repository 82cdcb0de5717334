"""Statistics of reads taken by people, by reader and route: what is worth a second look, never who did something."""
