"""The schema brought up to date, by itself as the file is opened or on request with a backup before."""

from __future__ import annotations

import shutil
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from pipeline.errors import StoreError
from pipeline.store.backup import Backup, Told, back_up
from pipeline.store.connection import Connection
from pipeline.store.schema import STEPS


def pending(store: Connection) -> list[str]:
    """Return the schema steps to take, in their order, from a look that changes nothing.

    Raises:
        StoreError: the file was written by a newer gisa, or by another program.
    """
    # The tables first: a neighbour may take its first steps between the two looks.
    tables = store.db.table_names()
    applied = {step.name for step in STEPS.applied(store.db)}
    known = known_steps()
    if newer := applied - set(known):
        raise StoreError(
            f"{store.path} was written by a newer gisa (it knows {max(newer)}): "
            "update gisa, or point [pipeline] database at another file"
        )
    if tables and not applied:
        raise StoreError(f"{store.path} is a database of another program: choose another file")
    return [name for name in known if name not in applied]


def known_steps() -> list[str]:
    """Return the names of all schema steps that this gisa knows, in their order."""
    with closing(Database(memory=True, execute_plugins=False)) as nothing:
        return [step.name for step in STEPS.pending(nothing)]


def take_steps(store: Connection) -> None:
    """Bring the schema up to date, all or nothing.

    Foreign keys are not enforced meanwhile, so that a step may make a table anew; they are checked at the end.

    Raises:
        StoreError: rows refer to what is not there, or the disk is full; the schema is as it was.
    """
    with store.writing() as db:
        STEPS.apply(db)
        broken = db.conn.execute("PRAGMA foreign_key_check").fetchone()
        if broken:
            raise StoreError(
                f"{store.path}: a row of {broken[0]} refers to one of {broken[2]} that is not there: "
                "restore a backup, or ask the maintainers; nothing was changed"
            )


def migrate(store: Connection, *, backup: bool = True, told: Told | None = None) -> Backup | None:
    """Bring the schema up to date; before that copy a database that holds something.

    Others cannot write from before the copy is made until the steps are taken, so that it lacks nothing.
    They wait half a minute; stop the daemon where the copy takes longer.

    Args:
        store: the file, opened with `migrate=False`.
        backup: make a copy beside the file, named after the first step.
        told: how far the copy is.

    Returns:
        The copy, None where none was made.

    Raises:
        StoreError: too little room on the disk, or what `back_up` and `take_steps` say; nothing was changed.
    """
    store.db.conn.execute("PRAGMA foreign_keys = OFF")  # has no effect once a transaction is open
    made = None
    try:
        with store.writing():
            steps = pending(store)
            if not steps:
                return None
            backup = backup and bool(store.db.table_names())
            _refuse_full_disk(store.path, backup=backup)
            if backup:
                made = back_up(store.path, _free_name(store.path, steps[0]), told=told)
            take_steps(store)
    finally:
        store.db.conn.execute("PRAGMA foreign_keys = ON")
    return made


def room_needed(path: Path, *, backup: bool) -> int:
    """Return how many bytes a migration may need: a table made anew goes through the log into the file."""
    return path.stat().st_size * (3 if backup else 2)


def _refuse_full_disk(path: Path, *, backup: bool) -> None:
    needed, free = room_needed(path, backup=backup), shutil.disk_usage(path.parent).free
    if free < needed:
        raise StoreError(
            f"{path}: up to {needed / 1e6:.0f} MB are needed and {free / 1e6:.0f} MB are free:"
            " free space, or copy the database elsewhere with `gisa backup` and use --no-backup"
        )


def _free_name(path: Path, step: str) -> Path:
    """Return a name that is not taken: an earlier copy may be of another database."""
    name = path.with_name(f"{path.name}.before-{step}")
    number = 1
    while name.exists():
        number += 1
        name = path.with_name(f"{path.name}.before-{step}-{number}")
    return name
