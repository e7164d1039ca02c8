"""Alembic's way in: migrates over the connection that `upgrading` hands over."""

from __future__ import annotations

from alembic import context

from segbench.library.columns import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
