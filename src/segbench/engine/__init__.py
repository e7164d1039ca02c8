"""Who matches: atoms into memberships and pattern tables."""
