"""Feedback: taken in, previewed, put aside."""
