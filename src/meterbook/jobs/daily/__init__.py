"""What the worker does every morning, once a business date."""
