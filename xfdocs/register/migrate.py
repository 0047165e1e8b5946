"""How a register that an older program wrote becomes a present one.

The steps stand in ``migrations/versions``, one file each, and never change once released.  They run when
a register is opened, inside the transaction of who opens it: nobody needs an ``alembic.ini``.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection

MIGRATIONS = Path(__file__).parent / "migrations"


def config_for(connection: Connection | None = None) -> Config:
    """Alembic's settings for these migrations, working on *connection*."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(connection: Connection) -> None:
    """Bring the database to the newest version; the caller's transaction decides whether it stays so."""
    command.upgrade(config_for(connection), "head")
