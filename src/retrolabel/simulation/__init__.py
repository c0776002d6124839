"""Floor 4: feedback that was never written, on an assistant that does not exist; for trying retrolabel."""
