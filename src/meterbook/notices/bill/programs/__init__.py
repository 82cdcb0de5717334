"""What a bill says of its customer's programs: the month of a level payment plan, the statement of net metering."""
