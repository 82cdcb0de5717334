"""The map of premises: drawn by the server, and on tiles where a tile server is set."""
