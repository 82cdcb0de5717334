"""The staff as the setup pages show them."""
