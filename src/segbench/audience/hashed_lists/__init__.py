"""Values as advertising services want them before they are hashed, one module a service."""
