"""Days of crews: what they hold, in which order, how full they are."""
