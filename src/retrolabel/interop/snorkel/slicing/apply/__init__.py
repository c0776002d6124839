"""Appliers of slicing functions: ``snorkel.slicing.apply``."""
