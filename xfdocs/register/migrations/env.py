"""Alembic's entrance: it works on the connection, and inside the transaction, of who called it."""

from __future__ import annotations

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    render_as_batch=True,  # SQLite changes a table by making it anew
)
context.run_migrations()
