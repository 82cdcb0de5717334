"""What a crew's phone gets, and what it sends back. The page itself is web/field_app."""
