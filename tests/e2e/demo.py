"""The running demonstration as a test sees it: its addresses, its mailbox, its sandbox, its database."""

import email
import email.policy
import json
import secrets
import time
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import psycopg
from psycopg import sql

_PATIENCE_SECONDS = 30


@dataclass(frozen=True)
class Demo:
    facts: dict[str, Any]

    def url(self, organisation: str, path: str = "/") -> str:
        return str(self.facts["organisations"][organisation]["url"]).rstrip("/") + path

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

    def mails(self, recipient: str, count: int = 1) -> list[EmailMessage]:
        """The messages sent to an address, once there are `count` of them; the oldest first."""
        deadline = time.monotonic() + _PATIENCE_SECONDS
        while len(found := self._mails(recipient)) < count:
            if time.monotonic() > deadline:
                raise AssertionError(f"{len(found)} of {count} messages came to {recipient}")
            time.sleep(0.2)
        return found

    def charges(self, organisation: str) -> list[dict[str, Any]]:
        """What the processor's own books say was charged for an organisation."""
        with psycopg.connect(self.facts["database_url"]) as database:
            accounts = database.execute(
                "SELECT processor_id FROM billing_connectedaccount"
                " JOIN tenants_organisation o ON o.id = organisation_id WHERE o.preset = %s",
                [organisation],
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
                "SELECT schema_name FROM tenants_organisation WHERE preset = %s", [organisation]
            ).fetchone()
            earlier = "UPDATE {} SET submitted_at = submitted_at - make_interval(days => %s) WHERE participant_id = %s"
            database.execute(sql.SQL(earlier).format(sql.Identifier(schema, "forms_submission")), [days, participant])

    def fill_up(self, organisation: str, code: str) -> None:
        """As if others had just taken all the places of an option."""
        with psycopg.connect(self.facts["database_url"]) as database:
            [schema] = database.execute(
                "SELECT schema_name FROM tenants_organisation WHERE preset = %s", [organisation]
            ).fetchone()
            filled = "UPDATE {} SET capacity = taken WHERE option_id = (SELECT id FROM {} WHERE code = %s)"
            tables = (sql.Identifier(schema, name) for name in ("registrations_places", "catalog_option"))
            database.execute(sql.SQL(filled).format(*tables), [code])

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
            "SELECT schema_name FROM tenants_organisation WHERE preset = %s", [organisation]
        ).fetchone()
        return str(schema)

    def _mails(self, recipient: str) -> list[EmailMessage]:
        files = sorted(Path(self.facts["mailbox"]).glob("*"), key=lambda path: path.stat().st_mtime_ns)
        # Django's file backend writes one file for each connection, with a line of dashes after each message.
        texts = [text for path in files for text in path.read_bytes().split(b"\n" + b"-" * 79 + b"\n") if text.strip()]
        messages = [email.message_from_bytes(text, policy=email.policy.default) for text in texts]
        return [message for message in messages if recipient in str(message["To"])]
