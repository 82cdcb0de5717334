"""The fifteen calls of a customer service desk, done in a real browser: actions counted, seconds measured."""
