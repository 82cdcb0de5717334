"""The tests of the register, one module each: what it finds, its figures, and the sentence that says both."""
