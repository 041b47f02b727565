"""Finds the establishment and the level that a file names, in whatever way it names them."""

import re
from collections import defaultdict
from collections.abc import Iterable

from django.utils.text import slugify

from tenant_apps.imports.headers import plain
from tenant_apps.organisation import operations, queries
from tenant_apps.organisation.models import Establishment, Level

_GRADE = re.compile(
    r"(?:grade |annee |niveau |year )?0*(\d{1,2}) ?(?:re|er|ere|e|eme|nd|st|th|rd)?(?: annee| primaire)?"
)
_BEFORE_GRADES = re.compile(r"maternelle|jardin|kinder|\b[mk]\d\b")
# The codes that come before the first grade: of two such levels, which one they mean; of a single one, that one.
_YOUNGER = {"pk": 0, "pr": 0, "tk": 0, "jk": 0, "kg": 1, "k": 1, "sk": 1}


class Establishments:
    """Those that are there and, where the organisation wishes it, those that the file brings."""

    def __init__(self, *, may_create: bool) -> None:
        self._may_create = may_create
        self._by_name: dict[str, Establishment] = {}
        self.made: list[Establishment] = []
        self._written = 0
        for establishment in queries.establishments():
            self._know(establishment, establishment.code, establishment.name)

    def find(self, names: Iterable[str]) -> Establishment | None:
        """By any of what the file calls it; its name comes first."""
        names = tuple(names)
        for name in names:
            if found := self._by_name.get(plain(name)):
                return found
        if not self._may_create or not names:
            return None
        made = Establishment(code=self._free_code(names), name=names[0])
        self._know(made, made.code, *names)
        self.made.append(made)
        return made

    def write(self) -> None:
        """Put those made since the last time in the list of the organisation."""
        for establishment in self.made[self._written :]:
            operations.put_establishment(code=establishment.code, name=establishment.name, id=establishment.id)
        self._written = len(self.made)

    def _free_code(self, names: tuple[str, ...]) -> str:
        code = slugify(names[0])[:50] or "ecole"
        number = 1
        while plain(code) in self._by_name:
            number += 1
            code = f"{slugify(names[0])[:50] or 'ecole'}-{number}"
        return code

    def _know(self, establishment: Establishment, *names: str) -> None:
        for name in names:
            self._by_name.setdefault(plain(name), establishment)


class Levels:
    def __init__(self) -> None:
        self._by_name: dict[str, Level] = {}
        self._by_grade: dict[int, list[Level]] = defaultdict(list)
        self._before: list[Level] = []
        for level in queries.levels():
            self._know(level)

    def find(self, said: str) -> Level | None:
        """By code, by name, by grade (« 2 », « 02 », « Grade 2 », « 2e année ») or by the codes of OneRoster."""
        name = plain(said)
        if name in self._by_name:
            return self._by_name[name]
        if grade := _GRADE.fullmatch(name):
            levels = self._by_grade[int(grade[1])]
            return levels[0] if len(levels) == 1 else None
        if name in _YOUNGER and 0 < len(self._before) <= 2:
            return self._before[_YOUNGER[name] if len(self._before) == 2 else 0]
        return None

    def _know(self, level: Level) -> None:
        names = {plain(level.code), plain(level.name)}
        for name in names:
            self._by_name.setdefault(name, level)
        if any(_BEFORE_GRADES.search(name) for name in names):
            self._before.append(level)
            return
        for number in {int(grade[1]) for name in names if (grade := _GRADE.fullmatch(name))}:
            self._by_grade[number].append(level)
