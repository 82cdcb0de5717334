"""The bill that settles a net metering year: what is left is paid."""
