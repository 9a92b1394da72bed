"""Runs the migrations on the connection handed in, inside the transaction its owner has begun."""

from alembic import context

from member_tracker.store.tables import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,
    transactional_ddl=False,
)
context.run_migrations()
