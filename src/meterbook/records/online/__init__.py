"""Online: hosted card pages, their webhooks, kiosks."""
