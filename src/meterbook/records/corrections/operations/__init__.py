"""What is done with a correction case: one module a deed."""
