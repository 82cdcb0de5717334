"""Metering: meters, registers, installations, reads and the usage between them."""
