"""Pages of the winter average: the yearly reset and customers who moved in."""
