"""What is done here: one module a deed."""
