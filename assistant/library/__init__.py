"""The documents that users bring: files put in and taken out, addresses fetched, folders watched."""
