"""How fast a long lockbox file becomes posted payments, and what is left when that is broken off."""
