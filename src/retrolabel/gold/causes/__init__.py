"""Why people disagree: the spec, the data, one person, or taste; and what cannot be told.

:mod:`retrolabel.gold.causes.diagnosis` puts the four tests together; each has a module of its own.
"""
