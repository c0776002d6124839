"""Floor 5: from votes, labels and gold to the tables that people read."""
