"""The DNS of the tests: a real name server on this machine, and what is published in it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from deploy.embedded import names
from deploy.embedded.nameserver import Nameserver
from tenants.domains import records


class Zone:
    """What the name server answers."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def put(self, told: dict[str, Any]) -> None:
        names.publish(self.file, told)

    def lead(self, name: str, slug: str, proof: str) -> None:
        """All that an organisation is told to write for its name."""
        self.put({name: {"CNAME": [f"{records.target(slug)}."]}})
        self.prove(name, proof)

    def prove(self, name: str, *proofs: str) -> None:
        self.put({records.proof_name(name): {"TXT": [f"{records.PROOF}{proof}" for proof in proofs]}})


@pytest.fixture
def zone(tmp_path: Path, settings: Settings) -> Iterator[Zone]:
    """An empty DNS, and the platform's address in it."""
    file = tmp_path / "names.json"
    with Nameserver(0, file) as server:
        settings.DNS_RESOLVERS = [f"127.0.0.1:{server.port}"]
        settings.PLATFORM_ADDRESSES = ["127.0.0.1"]
        yield Zone(file)
