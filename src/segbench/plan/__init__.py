"""How it is answered, free of any engine."""
