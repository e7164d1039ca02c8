"""What is wrong with each kind of rule."""
