"""People, fairly: how each one's answers compare with what is known, and how sure that is."""
