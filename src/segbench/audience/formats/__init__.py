"""File formats of an export, one module each, and what they share."""
