"""Another meter data management: its reads and exceptions come in, what is decided on them goes back."""
