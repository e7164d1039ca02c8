"""The pre-built segments, by what they are about."""
