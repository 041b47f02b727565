"""Where an export is written, a file after the other: a folder, or a ZIP; what is in it, with the hash of each file."""

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Protocol
from zipfile import ZIP_DEFLATED, ZipFile


@dataclass(frozen=True, slots=True)
class Entry:
    path: str
    size: int
    sha256: str


class Target(Protocol):
    def open(self, path: str) -> Any:
        """A file to write bytes into, as a context manager."""


class Folder:
    """A folder that is not there yet, or is empty, closed to other accounts of the machine."""

    def __init__(self, root: Path) -> None:
        root.mkdir(parents=True, exist_ok=True)
        root.chmod(0o700)
        self.root = root

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with file.open("wb") as opened:
            yield opened


class Zipped:
    """Written straight through: what it is written to need not be read again, nor fit in memory."""

    def __init__(self, target: Any) -> None:
        self.zip = ZipFile(target, "w", ZIP_DEFLATED, compresslevel=6)

    @contextmanager
    def open(self, path: str) -> Iterator[IO[bytes]]:
        with self.zip.open(path, "w", force_zip64=True) as opened:
            yield opened

    def close(self) -> None:
        self.zip.close()


class Archive:
    """Counts and hashes whatever is written to the target."""

    def __init__(self, target: Target) -> None:
        self.target = target
        self.entries: list[Entry] = []

    @contextmanager
    def file(self, path: str) -> Iterator[IO[bytes]]:
        with self.target.open(path) as opened:
            counted = _Counted(opened)
            yield counted  # type: ignore[misc]
        self.entries.append(Entry(path, counted.size, counted.sha.hexdigest()))

    def put(self, path: str, content: bytes) -> None:
        with self.file(path) as file:
            file.write(content)


class _Counted(io.RawIOBase):
    def __init__(self, target: IO[bytes]) -> None:
        self.target, self.size, self.sha = target, 0, hashlib.sha256()

    def writable(self) -> bool:
        return True

    def write(self, content: Any) -> int:
        self.target.write(content)
        self.sha.update(content)
        self.size += len(content)
        return len(content)
