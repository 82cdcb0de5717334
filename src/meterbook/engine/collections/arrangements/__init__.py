"""Payment extensions and arrangements: who may have one, its parts to the cent, and how it stands on a day."""
