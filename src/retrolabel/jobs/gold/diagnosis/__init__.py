"""Why the people of a task disagree: which answers are looked at, what stands out, and how it is told."""
