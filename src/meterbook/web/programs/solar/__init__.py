"""Pages of net metering: who feeds in, one ledger, enrolling and ending."""
