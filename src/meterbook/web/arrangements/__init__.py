"""Payment extensions and arrangements: more time in two steps, a plan in four, lists of both."""
