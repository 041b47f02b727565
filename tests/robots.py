"""What a browser does before it sends a form without an account: for tests that speak HTTP themselves."""

import json
import re
from functools import cache

import altcha
from django_tenants.utils import schema_context

from shared_apps.accounts import robots
from tenants.context import in_registry
from tenants.models import Domain

# The forms that ask for it.
ASKING = re.compile(
    r"^/(inscription|connexion/code|compte/mot-de-passe/oublie|activites/[^/]+/inscription|ouvrir/verification)(\?|$)"
)


def proof(host: str) -> dict[str, str]:
    """The field of a form of `host`, solved for real: at the cost that tests are set to, it takes a millisecond."""
    with schema_context(_schema(host)):
        return {robots.PROOF: solved(robots.challenge())}


def solved(challenge: str) -> str:
    asked = altcha.Challenge.from_dict(json.loads(challenge))
    solution = altcha.solve_challenge(asked)
    assert solution is not None
    return altcha.Payload(asked, solution).to_base64()


@cache
def _schema(host: str) -> str:
    with in_registry():
        return str(Domain.objects.select_related("tenant").get(domain=host).tenant.schema_name)
