"""Keeps a database, brings a moment of it back: `python -m tests.embedded.keeper FOLDER` prints what was there then."""

import sys
from pathlib import Path

import psycopg

from deploy.embedded import backups, services, side


def main(folder: Path) -> None:
    with services.postgres(folder, backups=True) as server, psycopg.connect(server.url, autocommit=True) as application:
        backups.copy(folder)
        application.execute("CREATE TABLE told AS SELECT 1 AS number")
        [(moment,)] = application.execute("SELECT clock_timestamp()").fetchall()
        application.execute("DROP TABLE told")
        with side.database_at(folder, moment) as url, psycopg.connect(url) as copy:
            print(copy.execute("SELECT number FROM told").fetchall())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
