"""What Meterbook records: the only Django models, and the operations that change them."""
