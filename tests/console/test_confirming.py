"""Operators show again who they are before they move a customer's money, stop it, or let it go."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from tests.clients import HostClient

PAGE = "/console/organisations/a"


@pytest.mark.parametrize(
    "address",
    [
        f"{PAGE}/facturation/forfait",
        f"{PAGE}/facturation/{UUID(int=1)}/payee",
        f"{PAGE}/facturation/delai",
        f"{PAGE}/suspendre",
        f"{PAGE}/reprendre",
        f"{PAGE}/depart",
    ],
)
def test_an_operator_who_was_away_is_asked_first(operator: HostClient, settings: Any, address: str) -> None:
    settings.CONFIRMED_WITHIN = dict.fromkeys(settings.CONFIRMED_WITHIN, timedelta(0))

    answer = operator.post(address, {})

    assert (answer.status_code, answer.url.split("?")[0]) == (302, "/compte/verification")
