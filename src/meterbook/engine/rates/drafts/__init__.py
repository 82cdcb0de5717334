"""A tariff document being worked on: numbers changed in its text, and what differs between two versions."""
