"""Tasks: queues, claiming and handing over, being away, what one is told, the command palette's own page."""
