"""The running demonstration as a test sees it: its addresses, its mailbox, its sandbox, its database."""

import email
import email.policy
import json
import secrets
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import psycopg
from psycopg import sql

_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Demo:
    facts: dict[str, Any]

    def url(self, organisation: str, path: str = "/") -> str:
        return str(self.facts["organisations"][organisation]["url"]).rstrip("/") + path

    def slug(self, organisation: str) -> str:
        """Others may have come since with the same preset."""
        return urlsplit(self.url(organisation)).netloc.split(".")[0]

    def platform(self, path: str = "/") -> str:
        return str(self.facts["platform"]["url"]).rstrip("/") + path

    def login(self, organisation: str, who: str) -> tuple[str, str]:
        """The e-mail and password of `guardian` or of a role of the staff."""
        person = self.guardian(organisation) if who == "guardian" else self.staff(organisation, who)
        return person["email"], person["password"]

    def guardian(self, organisation: str) -> dict[str, str]:
        return dict(self.facts["organisations"][organisation]["guardian"])

    def staff(self, organisation: str, role: str) -> dict[str, str]:
        """Their e-mail, password and the secret of their second factor."""
        return dict(self.facts["organisations"][organisation]["staff"][role])

    def mails(self, recipient: str, count: int = 1, *, about: str = "") -> list[EmailMessage]:
        """The messages sent to an address, about this, once there are `count` of them; the oldest first."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(found := [mail for mail in self._mails(recipient) if about in str(mail["Subject"])]) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} messages came to {recipient}")
            time.sleep(0.2)
        return found

    def charges(self, organisation: str) -> list[dict[str, Any]]:
        """What the processor's own books say was charged for an organisation."""
        with psycopg.connect(self.facts["database_url"]) as database:
            accounts = database.execute(
                "SELECT processor_id FROM billing_connectedaccount"
                " JOIN tenants_organisation o ON o.id = organisation_id WHERE o.slug = %s",
                [self.slug(organisation)],
            ).fetchall()
        return [charge for (account,) in accounts for charge in self.control(f"/books?account={account}")["charges"]]

    def citizen(self, **claims: str) -> str:
        """The identifier of somebody new at the simulated provider of identities, who says this of them."""
        subject = f"citizen-{secrets.token_hex(4)}"
        address = f"{self.facts['identity']}/users/{subject}"
        headers = {"Content-Type": "application/json"}
        urlopen(Request(address, data=json.dumps(claims).encode(), headers=headers, method="PUT"), timeout=10).close()
        return subject

    def let_pass(self, organisation: str, *, participant: str, days: int) -> None:
        """As if everything that was submitted for somebody had been so many days earlier."""
        with psycopg.connect(self.facts["database_url"]) as database:
            [schema] = database.execute(
                "SELECT schema_name FROM tenants_organisation WHERE slug = %s", [self.slug(organisation)]
            ).fetchone()
            earlier = "UPDATE {} SET submitted_at = submitted_at - make_interval(days => %s) WHERE participant_id = %s"
            database.execute(sql.SQL(earlier).format(sql.Identifier(schema, "forms_submission")), [days, participant])

    @contextmanager
    def full(self, organisation: str, code: str) -> Iterator[None]:
        """As if others had just taken all the places of an option; they give them back at the end."""
        with psycopg.connect(self.facts["database_url"], autocommit=True) as database:
            schema = self._schema(database, organisation)
            places, options = (sql.Identifier(schema, name) for name in ("registrations_places", "catalog_option"))
            its_own = sql.SQL("WHERE option_id = (SELECT id FROM {} WHERE code = %s)").format(options)
            known = sql.SQL("SELECT capacity FROM {} {}").format(places, its_own)
            [capacity] = database.execute(known, [code]).fetchone()
            database.execute(sql.SQL("UPDATE {} SET capacity = taken {}").format(places, its_own), [code])
            try:
                yield
            finally:
                database.execute(sql.SQL("UPDATE {} SET capacity = %s {}").format(places, its_own), [capacity, code])

    @contextmanager
    def queue(self, organisation: str, name: str, **terms: Any) -> Iterator[str]:
        """A waiting room of its own that opens in an hour: its identifier; gone at the end."""
        opening = str(uuid.uuid4())
        row = {"id": opening, "name": name, "mode": "queue", "seed": secrets.token_hex(16)}
        row |= {"translations": "{}", "terms": json.dumps(terms), "last_position": 0, "admitted": 0, "rate": 0}
        with psycopg.connect(self.facts["database_url"], autocommit=True) as database:
            schema = self._schema(database, organisation)
            openings, tickets = (sql.Identifier(schema, f"openings_{name}") for name in ("opening", "ticket"))
            added = "INSERT INTO {} (gathers_from, opens_at, {}) VALUES (now(), now() + interval '1 hour', {})"
            names, values = map(sql.Identifier, row), map(sql.Literal, row.values())
            comma = sql.SQL(", ")
            database.execute(sql.SQL(added).format(openings, comma.join(names), comma.join(values)))
            try:
                yield opening
            finally:
                database.execute(sql.SQL("DELETE FROM {} WHERE opening_id = %s").format(tickets), [opening])
                database.execute(sql.SQL("DELETE FROM {} WHERE id = %s").format(openings), [opening])

    def open_now(self, organisation: str, opening: str) -> None:
        with psycopg.connect(self.facts["database_url"]) as database:
            openings = sql.Identifier(self._schema(database, organisation), "openings_opening")
            database.execute(sql.SQL("UPDATE {} SET opens_at = now() WHERE id = %s").format(openings), [opening])

    def opening(self, organisation: str, name: str) -> str:
        """The identifier of an opening of the demonstration."""
        with psycopg.connect(self.facts["database_url"]) as database:
            openings = sql.Identifier(self._schema(database, organisation), "openings_opening")
            [found] = database.execute(sql.SQL("SELECT id FROM {} WHERE name = %s").format(openings), [name]).fetchone()
        return str(found)

    @contextmanager
    def being_drawn(self, organisation: str, opening: str) -> Iterator[None]:
        """As if the worker were still at the draw of this opening, which is done."""
        with psycopg.connect(self.facts["database_url"], autocommit=True) as database:
            openings = sql.Identifier(self._schema(database, organisation), "openings_opening")
            known = sql.SQL("SELECT drawn_at FROM {} WHERE id = %s").format(openings)
            [drawn_at] = database.execute(known, [opening]).fetchone()
            asked = sql.SQL("UPDATE {} SET draw_asked_at = now(), drawn_at = NULL WHERE id = %s").format(openings)
            done = sql.SQL("UPDATE {} SET draw_asked_at = NULL, drawn_at = %s WHERE id = %s").format(openings)
            database.execute(asked, [opening])
            try:
                yield
            finally:
                database.execute(done, [drawn_at, opening])

    def offering(self, organisation: str, slug: str, **columns: Any) -> None:
        """As if the organisation had written this in its offering."""
        with psycopg.connect(self.facts["database_url"]) as database:
            schema = self._schema(database, organisation)
            for name, value in columns.items():
                said = sql.SQL("UPDATE {} SET {} = %s WHERE slug = %s")
                names = sql.Identifier(schema, "catalog_offering"), sql.Identifier(name)
                database.execute(said.format(*names), [json.dumps(value), slug])

    def hurry(self, organisation: str, *, seconds: int) -> None:
        """As if everything held in a basket had been taken so long ago that only these seconds are left."""
        with psycopg.connect(self.facts["database_url"]) as database:
            schema = self._schema(database, organisation)
            nearly = "UPDATE {} SET held_until = now() + make_interval(secs => %s) WHERE status = 'held'"
            database.execute(sql.SQL(nearly).format(sql.Identifier(schema, "registrations_registration")), [seconds])

    def control(self, path: str, body: Any = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        address = self.facts["sandbox"]["control"].rstrip("/") + path
        with urlopen(Request(address, data=data, headers={"Content-Type": "application/json"}), timeout=40) as answer:
            return json.load(answer)

    def _schema(self, database: Any, organisation: str) -> str:
        [schema] = database.execute(
            "SELECT schema_name FROM tenants_organisation WHERE slug = %s", [self.slug(organisation)]
        ).fetchone()
        return str(schema)

    def _mails(self, recipient: str) -> list[EmailMessage]:
        files = sorted(Path(self.facts["mailbox"]).glob("*"), key=lambda path: path.stat().st_mtime_ns)
        # Django's file backend writes one file for each connection, with a line of dashes after each message.
        texts = [text for path in files for text in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n") if text.strip()]
        messages = [email.message_from_bytes(text, policy=email.policy.default) for text in texts]
        return [message for message in messages if recipient in str(message["To"])]
