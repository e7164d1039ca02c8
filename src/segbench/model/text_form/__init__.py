"""The text form of rules: reading and writing it, piece by piece."""
