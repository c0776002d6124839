"""What labeling functions leave open: items without a vote, guessed ones, and those on which they disagree."""
