"""What the keys of a customer class mean, and what they are in the language of tariff documents."""
