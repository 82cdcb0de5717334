"""Screens of metering: read files taken in, and the rows that could not be."""
