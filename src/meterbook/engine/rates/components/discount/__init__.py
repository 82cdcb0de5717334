"""A discount in percent or dollars off named lines, within limits."""
