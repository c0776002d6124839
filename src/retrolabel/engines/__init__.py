"""Floor 7: where labeling functions run; the port is ``concurrent.futures.Executor``."""
