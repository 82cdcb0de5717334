"""Deeds on locate tickets: taking them in, sending a crew, answering."""
