"""A signed value says which organisation signed it."""

import pytest
from django.core import signing

from kernel.signing import read, sign
from tenants.context import in_organisation, in_registry
from tenants.models import Organisation


def test_what_one_signed_the_other_refuses(organisation_a: Organisation, organisation_b: Organisation) -> None:
    signed = sign({"order": 1}, purpose="receipt")

    assert read(signed, purpose="receipt") == {"order": 1}
    with in_organisation(organisation_b), pytest.raises(signing.BadSignature):
        read(signed, purpose="receipt")
    with in_registry(), pytest.raises(signing.BadSignature):
        read(signed, purpose="receipt")


def test_what_was_signed_for_one_purpose_another_refuses(organisation_a: Organisation) -> None:
    with pytest.raises(signing.BadSignature):
        read(sign(1, purpose="receipt"), purpose="calendar")


def test_django_alone_would_accept_it(organisation_a: Organisation, organisation_b: Organisation) -> None:
    signed = signing.dumps({"order": 1}, salt="receipt")

    with in_organisation(organisation_b):
        assert signing.loads(signed, salt="receipt") == {"order": 1}
