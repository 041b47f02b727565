"""Events of what an organisation made itself on its own account: they are looked at once and passed over."""

import pytest

from tenant_apps.payments import events


@pytest.mark.parametrize(
    "told",
    [
        (events.page_changed, {"id": "cs_1", "mode": "payment", "metadata": {"payment": "junk"}}),
        (events.page_changed, {"id": "cs_1", "mode": "setup", "metadata": {"card_of": "junk"}}),
        (events.page_changed, {"id": "cs_1", "mode": "setup", "metadata": {"order:junk": "1"}}),
        (events.intent_changed, {"id": "pi_1", "metadata": {"payment": "junk"}}),
        (events.intent_changed, {"id": "pi_1", "metadata": {"payment": {"a": 1}}}),
    ],
    ids=lambda told: f"{told[0].__name__} {told[1]['metadata']}",
)
def test_an_event_of_somebody_elses_making_is_passed_over(account, told):
    handler, thing = told

    assert handler(thing) is None
