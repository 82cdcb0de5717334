"""A run's life between plan and close: pausing and going on, doing again, handing off, reports kept, closing."""
