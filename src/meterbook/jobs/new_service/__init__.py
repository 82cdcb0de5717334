"""What new service does in the background: asking the building department for permits."""
