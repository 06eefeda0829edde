"""The form in FastAPI with SQLAlchemy, one transaction for each request; DATABASE is sqlite:///FILE or postgresql://…"""
import base64
import hashlib
import hmac
import os
from datetime import datetime, timezone
from typing import Annotated

from fastapi import FastAPI, Form, Response
from sqlalchemy import BigInteger, DateTime, String, Text, create_engine, event
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

URL = os.environ["DATABASE"].replace("postgresql://", "postgresql+psycopg://")
engine = create_engine(URL, pool_size=16, max_overflow=0, pool_timeout=60)
if URL.startswith("sqlite"):
    @event.listens_for(engine, "connect")
    def waits(connection, _):
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA busy_timeout=60000")


class Base(DeclarativeBase):
    pass


class Entry(Base):
    __tablename__ = "fastapi_entry"
    receipt: Mapped[str] = mapped_column(String(16), primary_key=True)
    person: Mapped[str] = mapped_column(Text)
    want: Mapped[int] = mapped_column(BigInteger)
    wish: Mapped[str] = mapped_column(Text)
    entered_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


application = FastAPI()


@application.post("/entry")
def enter(person: Annotated[str, Form()], want: Annotated[int, Form()], wish: Annotated[str, Form()]):
    digest = hmac.new(b"a key", person.encode(), hashlib.sha256).digest()
    receipt = base64.b32encode(digest[:10]).decode()
    with Session(engine) as session, session.begin():
        session.add(Entry(receipt=receipt, person=person, want=want, wish=wish, entered_at=datetime.now(timezone.utc)))
    return Response(status_code=303, headers={"Location": f"/my?{receipt}"})


def make():
    Base.metadata.create_all(engine)
