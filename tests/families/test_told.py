"""What staff are told of links, in the organisation's first language."""

import pytest

from shared_apps.outbox.models import Message
from tenant_apps.notifications import links
from tests.factories.families import a_guardian
from tests.factories.organisation import an_organisation_profile

pytestmark = pytest.mark.usefixtures("organisation_a")


@pytest.mark.parametrize(
    ("languages", "language", "subject"),
    [
        (["en", "fr"], "en", "Billing request"),
        (["fr", "en"], "fr", "Demande de facturation"),
        # One that has said none yet.
        ([], "fr", "Demande de facturation"),
    ],
)
def test_staff_are_written_in_the_first_language(languages: list[str], language: str, subject: str) -> None:
    an_organisation_profile(languages=languages, contact_email="accueil@example.org")

    links.billing_asked({"guardian": str(a_guardian().id), "on": "2026-09-15"})

    [message] = Message.objects.all()
    assert (message.recipient, message.language, message.subject) == ("accueil@example.org", language, subject)
