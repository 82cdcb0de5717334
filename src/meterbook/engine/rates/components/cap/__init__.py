"""The lines before it come to a maximum at most: what is above is credited."""
