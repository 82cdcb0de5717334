"""Tasks: what somebody has to do by when, who took it, who stands in, and what people are told."""
