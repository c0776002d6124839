"""Floor 7: the store: files that are written once, and a catalog that says which of them are real."""
