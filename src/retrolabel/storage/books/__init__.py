"""The books of the catalog, one a noun, over one database."""
