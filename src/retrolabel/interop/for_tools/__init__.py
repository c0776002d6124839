"""Label sets as files for other tools, a module a tool; what reads those tools' files is in ``labelling_tools``."""
