"""Places that take an export: a module for each, behind the protocol in `destination`."""
