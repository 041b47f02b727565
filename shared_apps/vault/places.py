"""Where sealed values are kept, so that a rotation finds all of them: each room registers its own at start-up."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

import structlog
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import models, transaction
from django.db.models import F, Func, QuerySet

from kernel.registry import Registry
from shared_apps.vault.sealing import HEAD, Unreadable, key_number, seal_bytes, unseal_bytes

logger = structlog.get_logger(__name__)


class Place(Protocol):
    """`name` is what its values are bound to, « families.Participant.sealed »."""

    @property
    def name(self) -> str: ...

    def is_behind(self, number: int) -> bool:
        """Is anything there sealed with a key before `number`?"""

    def reseal(self, number: int, *, batch: int) -> Iterator[int]:
        """Seal those values with the newest key, in steps that each stand by themselves: how many, step by step."""


PLACES: Registry[Place] = Registry("place of sealed values")


@dataclass(frozen=True, slots=True)
class Column:
    """A BinaryField, by its name « app.Model.field »; `row_id`: the column whose value its seals are bound to."""

    name: str
    row_id: str = "pk"

    def is_behind(self, number: int) -> bool:
        return self._behind(number).exists()

    def reseal(self, number: int, *, batch: int) -> Iterator[int]:
        last: UUID | None = None
        while True:
            with transaction.atomic():
                behind = self._behind(number) if last is None else self._behind(number).filter(pk__gt=last)
                # Who writes a row at this moment seals it with the newest key: it is passed over.
                rows = list(behind.select_for_update(skip_locked=True).order_by("pk")[:batch])
                done = sum(self._reseal(row) for row in rows)
            if not rows:
                return
            last = rows[-1].pk
            yield done

    def _reseal(self, row: models.Model) -> bool:
        field = self.name.rpartition(".")[2]
        row_id = getattr(row, self.row_id)
        content = _unsealed(getattr(row, field), self.name, row_id)
        if content is None:
            return False
        sealed = seal_bytes(content, place=self.name, row_id=row_id)
        return bool(_model(self.name)._base_manager.filter(pk=row.pk).update(**{field: sealed}))

    def _behind(self, number: int) -> QuerySet[Any]:
        field = self.name.rpartition(".")[2]
        # Big-endian bytes are in the order of the numbers they write.
        key = Func(F(field), 2, 4, function="SUBSTRING", output_field=models.BinaryField())
        rows: QuerySet[Any] = _model(self.name)._base_manager.exclude(**{field: None}).annotate(_key=key)
        return rows.filter(_key__lt=number.to_bytes(4, "big")).only("pk", field, self.row_id)


@dataclass(frozen=True, slots=True)
class Files:
    """Sealed files of the organisation's storage; the rows of a model have their paths in its column `path`."""

    name: str
    path: str = "path"

    def is_behind(self, number: int) -> bool:
        return next(self._behind(number), None) is not None

    def reseal(self, number: int, *, batch: int) -> Iterator[int]:
        for row, old in self._behind(number):
            yield int(self._reseal(row, old))

    def _reseal(self, row: models.Model, old: str) -> bool:
        """The new file stands beside the old one until the row names it: stopped anywhere, one of them is whole."""
        with default_storage.open(old) as file:
            content = _unsealed(file.read(), self.name, row.pk)
        if content is None:
            return False
        new = default_storage.save(old, ContentFile(seal_bytes(content, place=self.name, row_id=row.pk)))
        named = _model(self.name)._base_manager.filter(pk=row.pk, **{self.path: old}).update(**{self.path: new})
        default_storage.delete(old if named else new)
        return bool(named)

    def _behind(self, number: int) -> Iterator[tuple[models.Model, str]]:
        """Only the first bytes of each file are read."""
        rows = _model(self.name)._base_manager.exclude(**{self.path: ""}).only("pk", self.path)
        for row in list(rows.order_by("pk")):
            path = getattr(row, self.path)
            if default_storage.exists(path):
                with default_storage.open(path) as file:
                    number_of_file = key_number(file.read(HEAD))
                if number_of_file < number:
                    yield row, path


def _unsealed(sealed: bytes | memoryview, place: str, row_id: UUID) -> bytes | None:
    try:
        return unseal_bytes(sealed, place=place, row_id=row_id)
    except Unreadable as error:
        # One lost value must not keep the others under an old key.
        logger.error("vault.unreadable", place=place, row=str(row_id), reason=str(error))
        return None


def _model(name: str) -> type[models.Model]:
    app, model, _field = name.split(".")
    return apps.get_model(app, model)
