"""What customers take part in over many bills: net metering, level payment, the winter average."""
