"""Run by Alembic: migrate over the connection that ``storage.upgrade`` hands in."""

from alembic import context

from retrolabel.storage.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()
