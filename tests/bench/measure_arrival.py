"""How long a new organisation takes, from the decision to a site that answers, and what of it is what."""

import statistics
import time
from itertools import pairwise

import pytest

from billing import plans
from kernel import clock
from shared_apps.audit.actors import SYSTEM
from tenant_apps.console import sign_ups
from tenants import progress
from tenants.context import in_operations, in_registry
from tenants.models import Organisation, SignUp
from tenants.operations import sign_up
from tenants.operations.provision import provision
from tests.clients import HostClient

TIMES = 10
# From the decision to the first page, whatever else the machine does.
MOST_SECONDS = 5


def measure_arrival_of_a_commune(transactional_db, monkeypatch: pytest.MonkeyPatch):
    with in_operations():
        plans.sync()
    stages: list[tuple[str, float]] = []
    reached = progress.reached
    monkeypatch.setattr(
        progress, "reached", lambda pk, stage: (stages.append((stage, time.perf_counter())), reached(pk, stage))
    )
    whole, parts = [], {}
    for number in range(TIMES):
        asked = _proved(number)
        stages.clear()
        began = time.perf_counter()
        made = _approved(asked)
        provision(organisation_id=made.pk)
        ready = time.perf_counter()
        assert HostClient(f"val-{number}.localhost").get("/connexion").status_code == 200
        whole.append(time.perf_counter() - began)
        for (stage, start), (_, end) in pairwise([("decision", began), *stages, ("first page", ready)]):
            parts.setdefault(stage, []).append(end - start)
        parts.setdefault("first page", []).append(time.perf_counter() - ready)
    print(f"\nArrival of a commune, {TIMES} times: median {statistics.median(whole):.2f} s, worst {max(whole):.2f} s")
    for stage, seconds in parts.items():
        print(f"  {stage:<12} {statistics.median(seconds):6.3f} s")
    assert statistics.median(whole) < MOST_SECONDS


def _proved(number: int) -> SignUp:
    wish = sign_up.Wish(
        name=f"Commune {number}",
        slug=f"val-{number}",
        preset="commune_be",
        language="fr",
        languages=["fr", "nl"],
        plan="standard",
        owner_first_name="Ada",
        owner_last_name="Noël",
        owner_email=f"ada{number}@val.example",
    )
    with in_operations():
        asked, code = sign_up.ask(wish=wish, at=clock.now())
        sign_up.prove(sign_up_id=asked.pk, code=code, at=clock.now())
        return sign_ups.claim(sign_up_id=asked.pk, slug=wish.slug, at=clock.now())


def _approved(asked: SignUp) -> Organisation:
    with in_operations():
        made = sign_ups.approve(sign_up_id=asked.pk, actor=SYSTEM, at=clock.now())
    with in_registry():
        return Organisation.objects.get(pk=made.pk)
