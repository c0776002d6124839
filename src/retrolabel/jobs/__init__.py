"""Floor 6: use cases, and the ports that they need."""
