"""Floor 4: label models turn votes into a probability for each label."""
