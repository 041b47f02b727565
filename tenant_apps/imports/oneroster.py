"""OneRoster 1.2 in CSV files: a complete set, where adults are named by their children's rows (docs/imports.md)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from tenant_apps.imports import cells, tables
from tenant_apps.imports.archive import Archive, Record
from tenant_apps.imports.errors import BadFile
from tenant_apps.imports.lines import Adult, Line
from tenant_apps.imports.sources import Source, Terms

_VERSION = "1.2"
_GONE = "tobedeleted"
# As long as Guardian.reference: a longer identifier cannot be kept, and the adult is known by name and address.
_LONGEST_REFERENCE = 40
_ADULT_ROLES = {"parent": "parent", "guardian": "tutor", "relative": "relative"}
_USERS = ("sourcedId", "givenName", "familyName")


def read(file: IO[bytes], terms: Terms) -> Source:
    """Raises BadFile, here and while it is gone through."""
    return OneRoster(Archive(file), terms)


@dataclass(frozen=True, slots=True)
class _Person:
    """An adult's row, kept until their children's come."""

    row: int
    last_name: str
    first_name: str
    email: str
    phone: str
    role: str


class OneRoster:
    """The files name each other's rows: all but the children's own are read first, and what is needed of them kept."""

    def __init__(self, archive: Archive, terms: Terms) -> None:
        self._archive, self._terms = archive, terms
        self.ignored: list[str] = []
        self._check_manifest()
        self._orgs = self._names_of_orgs()
        self._students: dict[str, str] = {}
        self._left: dict[str, str] = {}
        self._roles: dict[str, str] = {}
        self._read_roles()
        self._births = self._birth_dates()
        self._groups: dict[str, str] = {}
        self._teachers: dict[str, str] = {}
        self._read_homerooms()
        self._people = self._adults_and_teachers()
        self.total = len(self._students)
        if self.total > tables.MOST_ROWS:
            raise BadFile("too_many_rows", file="users.csv", most=tables.MOST_ROWS)

    def __iter__(self) -> Iterator[Line]:
        count = 0
        for number, record in self._archive.records("users.csv", *_USERS):
            if record["sourcedId"] in self._students:
                count += 1
                yield self._line(number, record)
        if count == 0:
            raise BadFile("no_rows", file="users.csv")

    def _check_manifest(self) -> None:
        said = {
            record.get("propertyName", ""): record.get("value", "")
            for _, record in self._archive.records("manifest.csv", "propertyName", "value")
        }
        if said.get("oneroster.version") != _VERSION:
            raise BadFile("wrong_version", file="manifest.csv")
        if "delta" in (said.get("file.users"), said.get("file.roles")):
            raise BadFile("delta", file="manifest.csv")

    def _names_of_orgs(self) -> dict[str, tuple[str, ...]]:
        """By their identifier in the archive: the name, then whatever else they are called by."""
        return {
            record["sourcedId"]: tuple(
                each.strip() for each in (record["name"], record.get("identifier", ""), record["sourcedId"]) if each
            )
            for _, record in self._archive.records("orgs.csv", "sourcedId", "name")
        }

    def _read_roles(self) -> None:
        for _, record in self._archive.records("roles.csv", "userSourcedId", "role", "orgSourcedId"):
            user, role = record["userSourcedId"], record["role"].strip()
            if record.get("status", "").strip().lower() == _GONE:
                if role == "student":
                    self._left[user] = record["orgSourcedId"]
            elif role == "student" and (record.get("roleType") != "secondary" or user not in self._students):
                self._students[user] = record["orgSourcedId"]
            elif role in _ADULT_ROLES:
                self._roles.setdefault(user, _ADULT_ROLES[role])
        # Who left one school and is in another has not left.
        self._left = {user: org for user, org in self._left.items() if user not in self._students}
        self._students.update(self._left)

    def _birth_dates(self) -> dict[str, tuple[int, str]]:
        if not self._archive.has("demographics.csv"):
            return {}
        return {
            record["sourcedId"]: (number, record["birthDate"].strip())
            for number, record in self._archive.records("demographics.csv", "sourcedId", "birthDate")
            if record["sourcedId"] in self._students and record["birthDate"]
        }

    def _read_homerooms(self) -> None:
        """The group of a child is the class of the kind « homeroom » where they are enrolled, and so is the teacher."""
        if not (self._archive.has("classes.csv") and self._archive.has("enrollments.csv")):
            return
        titles = {
            record["sourcedId"]: record["title"].strip()
            for _, record in self._archive.records("classes.csv", "sourcedId", "title", "classType")
            if record["classType"].strip() == "homeroom"
        }
        leaders: dict[str, str] = {}
        pupils: dict[str, str] = {}
        for _, record in self._archive.records("enrollments.csv", "classSourcedId", "userSourcedId", "role"):
            group, user = record["classSourcedId"], record["userSourcedId"]
            if group not in titles or record.get("status", "").strip().lower() == _GONE:
                continue
            if record["role"] == "student":
                pupils[user] = group
            elif record["role"] == "teacher" and (group not in leaders or record.get("primary", "") == "true"):
                leaders[group] = user
        self._groups = {user: titles[group] for user, group in pupils.items()}
        self._teachers = {user: leaders[group] for user, group in pupils.items() if group in leaders}

    def _adults_and_teachers(self) -> dict[str, _Person]:
        wanted = {*self._roles, *self._teachers.values()}
        return {
            record["sourcedId"]: _Person(
                number,
                record["familyName"],
                record["givenName"],
                record.get("email", ""),
                record.get("sms") or record.get("phone", ""),
                self._roles.get(record["sourcedId"], ""),
            )
            for number, record in self._archive.records("users.csv", *_USERS)
            if record["sourcedId"] in wanted and record.get("status", "").strip().lower() != _GONE
        }

    def _line(self, number: int, record: Record) -> Line:
        line = Line("users.csv", number)
        user = record["sourcedId"]
        line.is_gone = user in self._left or record.get("status", "").strip().lower() == _GONE
        for name, column, value in self._cells(user, record):
            if kept := cells.text(line, value, name=name, column=column):
                line.values[name] = kept
        for column in ("familyName", "givenName"):
            if not record[column].strip():
                line.blame(column, "empty")
        self._put_birth_date(line, user)
        self._put_establishment(line, user)
        if not line.is_gone:
            named = [each.strip() for each in record.get("agentSourcedIds", "").split(",")]
            line.adults = [adult for each in named if each and (adult := self._adult(line, each))]
        return line

    def _cells(self, user: str, record: Record) -> Iterator[tuple[str, str, str]]:
        yield "external_id", "sourcedId", user
        yield "student_number", "identifier", record.get("identifier", "")
        yield "last_name", "familyName", record["familyName"]
        yield "first_name", "givenName", record["givenName"]
        yield (
            "used_name",
            "preferredGivenName",
            record.get("preferredGivenName") or record.get("preferredFirstName", ""),
        )
        yield "level", "grades", record.get("grades", "").partition(",")[0]
        yield "home_group", "title", self._groups.get(user, "")
        if teacher := self._people.get(self._teachers.get(user, "")):
            yield "teacher", "familyName", f"{teacher.first_name} {teacher.last_name}"

    def _put_birth_date(self, line: Line, user: str) -> None:
        if user not in self._births:
            return
        row, said = self._births[user]
        found = cells.day(line, said, column="birthDate", today=self._terms.today)
        if found:
            line.values["birth_date"] = found
        else:
            line.faults[-1] = line.faults[-1]._replace(file="demographics.csv", row=row)

    def _put_establishment(self, line: Line, user: str) -> None:
        org = self._students[user]
        if org in self._orgs:
            line.values["establishment"] = self._orgs[org]
        elif org:
            line.blame("orgSourcedId", "unknown_org", value=org[:80])

    def _adult(self, line: Line, reference: str) -> Adult | None:
        person = self._people.get(reference)
        if person is None or not person.role:
            line.blame("agentSourcedIds", "unknown_agent", value=reference[:80])
            return None
        # Whoever reads the errors looks for the adult's own row.
        own = Line(line.file, person.row)
        said = {
            name: cells.text(own, value, name=name, column=column)
            for name, column, value in (
                ("last_name", "familyName", person.last_name),
                ("first_name", "givenName", person.first_name),
                ("email", "email", person.email),
                ("phone", "phone", person.phone),
            )
        }
        if said["email"]:
            said["email"] = cells.email(own, said["email"], column="email")
        if not (said["last_name"] or said["first_name"]):
            own.blame("familyName", "nameless_adult")
        line.faults += own.faults
        kept = reference if len(reference) <= _LONGEST_REFERENCE else ""
        return Adult(**said, role=person.role, reference=kept)
