"""Proposals: what people's rationales, and a diagnosis, ask of the spec; and what a person decides of it."""
