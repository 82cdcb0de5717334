"""What is done about winter averages: one module a deed."""
