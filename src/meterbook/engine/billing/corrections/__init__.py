"""Correcting posted bills: what changes, how far back it may reach, and a total spread over its periods."""
