"""The report on a label set: from values to frames, from frames to charts, from both to one page of HTML."""
