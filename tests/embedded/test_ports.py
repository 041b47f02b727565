"""Ports: free when chosen, and the same again at the next start when they still are."""

import socket
from pathlib import Path

import pytest

from deploy.embedded import ports


def test_a_part_keeps_its_port(folder: Path) -> None:
    first = ports.remembered(folder, "web")

    assert ports.remembered(folder, "web") == first
    assert ports.remembered(folder, "redis") != first


def test_a_port_taken_meanwhile_is_replaced_and_the_new_one_remembered(folder: Path) -> None:
    first = ports.remembered(folder, "web")
    with socket.create_server(("127.0.0.1", first)):
        second = ports.remembered(folder, "web")

    assert second != first
    assert ports.remembered(folder, "web") == second


def test_the_next_free_port_is_found(folder: Path) -> None:
    start = ports.any_free()
    with socket.create_server(("127.0.0.1", start)):
        assert ports.remembered(folder, "web", preferred=start) == ports.first_free(start + 1)


@pytest.mark.skipif(not socket.has_dualstack_ipv6(), reason="this machine has no IPv6")
def test_a_port_held_under_the_other_protocol_is_not_free() -> None:
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as other:
        assert not ports.is_free(other.getsockname()[1])
