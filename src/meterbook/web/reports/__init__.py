"""Reports on screen: the list by area, and one page that shows any report, filters, saves and prints it."""
