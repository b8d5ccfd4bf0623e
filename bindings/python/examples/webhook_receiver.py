"""Receive webhooks with Flask, and store the state of each session with SQLAlchemy.

    pip install flask gunicorn sqlalchemy deepidv          (and psycopg for PostgreSQL)
    export DEEPIDV_WEBHOOK_SECRET=whsec_... DATABASE_URL=sqlite:///verifications.db
    gunicorn --workers 2 webhook_receiver:app

The service sends a webhook again until it gets a 2xx response, and in any order. One row per session holds
the key of the last event that was applied, so that repeats and older events change nothing, also if two
workers receive them at the same time.
"""

import os
from typing import Any, Optional

import deepidv
from deepidv.webhooks.flask import webhook_view
from flask import Flask
from sqlalchemy import create_engine
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, sessionmaker

# During a rotation: the new secret and the old one, separated by a comma.
SECRETS = deepidv.WebhookSecrets(*os.environ["DEEPIDV_WEBHOOK_SECRET"].split(","))

engine = create_engine(os.environ.get("DATABASE_URL", "sqlite:///verifications.db"))
Database = sessionmaker(engine)
app = Flask(__name__)


class Base(DeclarativeBase):
    """The tables of this application."""


class Verification(Base):
    """What is known of a session."""

    __tablename__ = "verification"
    session_id: Mapped[str] = mapped_column(primary_key=True)
    external_id: Mapped[Optional[str]]
    status: Mapped[Optional[str]]
    key: Mapped[Optional[str]]
    """The key of the last event that was applied."""
    events: Mapped[int] = mapped_column(default=0)
    """The number of events that were applied."""


Base.metadata.create_all(engine)


def store(database: Session, webhook: deepidv.Webhook) -> bool:
    """Apply an event, and return whether it was new."""
    insert: Any = {"sqlite": sqlite.insert, "postgresql": postgresql.insert}[engine.dialect.name]
    row = insert(Verification).values(session_id=webhook.session.id, events=0)
    # Creates the row or waits for whoever is changing it. On SQLite, it locks the database for writing.
    database.execute(row.on_conflict_do_nothing())
    known = database.get_one(Verification, webhook.session.id, with_for_update=True)
    if not webhook.supersedes(known.key):
        return False
    known.key = webhook.key
    known.status = webhook.session.status
    known.external_id = webhook.session.external_id
    known.events += 1
    return True


@app.post("/webhooks/deepidv")
@webhook_view(SECRETS)
def received(webhook: deepidv.Webhook) -> None:
    """Store an event. The response is sent after the transaction was committed."""
    with Database.begin() as database:
        is_new = store(database, webhook)
    if is_new and webhook.type == deepidv.WebhookType.SESSION_VERIFIED:
        # Before you unlock anything, ask the service in a job: Client.retrieve_session(webhook.session.id).
        # Here is no time for it: the service waits ten seconds for this response.
        app.logger.info("verified, to be confirmed: %s", webhook.session.id)
