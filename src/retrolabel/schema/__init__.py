"""Floor 2: labels, schema versions, the steps between them, and their composition."""
