"""Votes: computed, kept, read back; and what failed."""
