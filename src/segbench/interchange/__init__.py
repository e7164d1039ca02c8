"""Rules of other tools, in and out; what does not map is always reported."""
