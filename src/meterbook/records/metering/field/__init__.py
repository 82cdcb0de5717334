"""What metering asks of the field: requests that go from step to step and end with an outcome, never silently."""
