"""What is asked: frozen values and pure functions; no I/O, no clock."""
