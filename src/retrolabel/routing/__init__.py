"""Floor 4: from a label to the team that acts on it."""
