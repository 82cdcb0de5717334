"""A charge for each unit of area, as stormwater fees are charged for impervious surface."""
