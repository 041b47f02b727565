"""An export at rest: sealed with the organisation's own key, piece after piece, so that neither end needs all of it."""

import hashlib
import io
from collections.abc import Iterator
from typing import IO, Any
from uuid import UUID

from django.core.files.storage import default_storage

from shared_apps.vault.sealing import HEAD, key_number, seal_bytes, unseal_bytes
from tenants.models import Export, WorkState

PLACE = "tenants.Export"
PIECE = 1024 * 1024
_LENGTH = 4


class Sealing(io.RawIOBase):
    """Seals what is written to it, counts and hashes it.

    Each piece knows its place and whether it is the last: none is cut off or moved.
    """

    def __init__(self, target: IO[bytes], export_id: UUID) -> None:
        self.target, self.export_id = target, export_id
        self.waiting, self.number = bytearray(), 0
        self.size, self.sha = 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.waiting += content
        self.size += len(content)
        self.sha.update(content)
        while len(self.waiting) > PIECE:
            self._seal(bytes(self.waiting[:PIECE]), is_last=False)
            del self.waiting[:PIECE]
        return len(content)

    def finish(self) -> None:
        self._seal(bytes(self.waiting), is_last=True)
        self.waiting.clear()

    def _seal(self, piece: bytes, *, is_last: bool) -> None:
        sealed = seal_bytes(piece, place=_place(self.number, is_last=is_last), row_id=self.export_id)
        self.target.write(len(sealed).to_bytes(_LENGTH, "big") + sealed)
        self.number += 1


def opened(source: IO[bytes], export_id: UUID) -> Iterator[bytes]:
    """The pieces of an export, opened one by one. Raises Unreadable for one that was altered, moved or cut off."""
    number, head = 0, source.read(_LENGTH)
    while head:
        sealed = source.read(int.from_bytes(head, "big"))
        head = source.read(_LENGTH)
        yield unseal_bytes(sealed, place=_place(number, is_last=not head), row_id=export_id)
        number += 1


def _place(number: int, *, is_last: bool) -> str:
    return f"{PLACE}/{number}{'/last' if is_last else ''}"


class Place:
    """Told of to the rotation of keys: a key lives as long as an export that it seals, which is a few days."""

    name = PLACE

    def is_behind(self, number: int) -> bool:
        for path in Export.objects.filter(state=WorkState.DONE).values_list("path", flat=True):
            if default_storage.exists(path):
                with default_storage.open(path) as file:
                    file.read(_LENGTH)
                    if key_number(file.read(HEAD)) < number:
                        return True
        return False

    def reseal(self, number: int, *, batch: int) -> Iterator[int]:
        """It is not worth it."""
        yield from ()
