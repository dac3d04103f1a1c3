"""Keyed pseudonyms for ids of people: only publishing makes them, only `identity.duckdb` can undo them."""

from __future__ import annotations

import hmac
import os
import secrets
from base64 import b32encode
from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from dagster_project.warehouse import sync

KEY_BYTES = 32
_LENGTH = 10  # bytes of the hash: 16 letters, a collision among ten million has a chance of one in 10^10


class PseudonymError(Exception):
    """The key of the pseudonyms cannot be used, in words."""


def key_of(state: Path) -> bytes:
    """This installation's key; made at first need and readable by its owner alone."""
    path = state / "pseudonyms.key"
    if not path.exists():
        state.mkdir(parents=True, exist_ok=True)
        aside = path.with_suffix(".making")
        aside.unlink(missing_ok=True)
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
        sync(state)
    key = path.read_bytes()
    if len(key) != KEY_BYTES:
        raise PseudonymError(
            f"{path} must hold {KEY_BYTES} bytes and holds {len(key)}; restore it from a backup"
        )
    return key


def pseudonym(key: bytes, kind: str, plain: str) -> str:
    """The same id gets the same pseudonym for as long as the key lives; kinds never share one."""
    digest = hmac.new(key, f"{kind}\x1f{plain}".encode(), sha256).digest()[:_LENGTH]
    return f"{kind[:1].upper()}-{b32encode(digest).decode('ascii')}"


def pseudonyms(key: bytes, kind: str, plain: Iterable[str]) -> pl.DataFrame:
    """One row for each id: what it is, and what it is called outside."""
    ids = list(plain)
    return pl.DataFrame(
        {"plain": ids, "pseudonym": [pseudonym(key, kind, one) for one in ids]},
        schema={"plain": pl.String, "pseudonym": pl.String},
    ).with_columns(pl.lit(kind).alias("kind"))


def learn(connection: Any, key: bytes, kind: str, unseen: str) -> int:
    """Add the ids that `unseen` selects and `identities` lacks; costs follow the new ones, not all."""
    columns = "kind varchar, plain varchar, pseudonym varchar, primary key (kind, plain)"
    connection.execute(f"create table if not exists identities ({columns})")
    wanted = (
        f"select distinct plain from ({unseen}) where plain is not null"
        " and plain not in (select plain from identities where kind = ?) order by plain"
    )
    new = connection.execute(wanted, [kind]).pl()["plain"].to_list()
    if new:
        frame = pseudonyms(key, kind, new)
        connection.register("new_identities", frame.to_arrow())
        connection.execute("insert into identities select kind, plain, pseudonym from new_identities")
        connection.unregister("new_identities")
    return len(new)
