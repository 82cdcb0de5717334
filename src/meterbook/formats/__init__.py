"""File formats, one folder each: bytes to values and back, pure."""
