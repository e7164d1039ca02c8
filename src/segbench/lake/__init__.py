"""The data: contacts, tags and events in a DuckLake, with snapshots."""
