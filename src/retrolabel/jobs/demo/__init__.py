"""A simulated stream of user feedback, for trying retrolabel without data of one's own."""
