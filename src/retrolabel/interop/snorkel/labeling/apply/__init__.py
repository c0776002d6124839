"""Appliers, a module for each form of data: ``snorkel.labeling.apply``."""
