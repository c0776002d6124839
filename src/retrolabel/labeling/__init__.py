"""Floor 4: labeling functions, the builders that make them, and their application."""
