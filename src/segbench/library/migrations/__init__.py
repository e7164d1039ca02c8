"""From each layout of a library's tables to the next; Alembic keeps count of them."""
