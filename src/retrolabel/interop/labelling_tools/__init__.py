"""Files of the tools that people label with: one module a tool, each turns a record into answers."""
