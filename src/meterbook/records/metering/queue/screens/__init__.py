"""What the pages of the exception queue show: the list, one case, what was expected, what a value would mean."""
