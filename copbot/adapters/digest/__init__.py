"""The community's digest as files to send on: a page, and the same as plain text."""
