"""The lines before it come to a minimum: what is short is charged."""
