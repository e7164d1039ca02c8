"""What follows from sets; no SQL below this line."""
