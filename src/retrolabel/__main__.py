"""``python -m retrolabel``."""

from retrolabel.cli.main import main

main()
