"""What runs in the background; any interface may call it too."""
