"""What the people of a task agree on: over time, after a change, and what it says of the definitions."""
