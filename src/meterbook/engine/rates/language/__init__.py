"""The tariff language: expressions, named values, seasons and the shapes of settings, as read from a document."""
