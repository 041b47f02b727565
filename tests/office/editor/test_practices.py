"""Step 6: how long places are kept, who comes next, what may be changed; and what several choices share."""

from typing import Any
from uuid import UUID

import pytest

from tenant_apps.catalog.models import Offering
from tenant_apps.changes.models import Kind
from tenant_apps.changes.policy import Decision, policy_of
from tenant_apps.office.scope import CHANGES
from tenant_apps.organisation import operations as organisation
from tenant_apps.organisation.models import Role
from tenant_apps.registrations.models import Places
from tests.clients import HostClient
from tests.factories.catalog import an_option
from tests.factories.registrations import a_hold
from tests.office.conftest import SignIn
from tests.office.editor.pages import filled_in, url
from tests.portal.people import words

USUAL = {
    "waiting": {"mode": "manual", "offer_hours": 36, "on_refusal": "keep"},
    "holding": {"renewals": 2, "remind_hours": 12},
    "changes": {"withdrawal": {"allowed": True, "until_days": 3, "decision": "staff"}},
}


def send(client: HostClient, address: str, **more: Any) -> Any:
    return client.post(address, filled_in(client, address) | more)


@pytest.mark.parametrize("role", list(Role))
def test_they_are_for_those_who_change_the_catalogue(as_staff: SignIn, role: str, draft: Offering) -> None:
    client = as_staff(role)
    pages = [url("edit_practices", draft.slug), url("edit_policy", draft.slug, "swap")]
    pages += [url("edit_sharing", draft.slug), url("add_quota", draft.slug)]
    assert [client.get(page).status_code for page in pages] == [200 if role in CHANGES else 403] * 4


def test_what_is_left_empty_is_as_the_organisation_does(editor: HostClient, draft: Offering) -> None:
    organisation.describe(rules=USUAL)
    page = words(editor.get(url("edit_practices", draft.slug)))
    assert "Laissez vide pour faire comme votre organisation : 36." in page
    assert "Comme votre organisation (Une place libérée est mise de côté : vous la proposez)" in page

    send(editor, url("edit_practices", draft.slug), hold="3", hold_unit="days")

    draft.refresh_from_db()
    assert (draft.hold_minutes, draft.holding, draft.waiting) == (4320, {}, {})


def test_an_offering_has_practices_of_its_own(editor: HostClient, draft: Offering) -> None:
    said = {"hold": "45", "hold_unit": "minutes", "renewals": "0", "remind_hours": "0"}
    said |= {"mode": "automatic", "offer_hours": "12", "on_refusal": "lose"}
    answer = send(editor, url("edit_practices", draft.slug), **said)

    draft.refresh_from_db()
    assert answer.url == url("edit_publishing", draft.slug)
    assert (draft.hold_minutes, draft.holding) == (45, {"renewals": 0, "remind_hours": 0})
    assert draft.waiting == {"mode": "automatic", "offer_hours": 12, "on_refusal": "lose"}
    told = words(editor.get(url("offering_history", draft.slug)))
    assert "Prolongations permises" in told and "Une place libérée est proposée aussitôt, dans l’ordre" in told


def test_what_cannot_be_is_told_at_the_field(editor: HostClient, draft: Offering) -> None:
    answer = send(editor, url("edit_practices", draft.slug), hold="1000", hold_unit="days", offer_hours="0")

    assert answer.status_code == 422 and sorted(answer.context["form"].errors) == ["hold", "offer_hours"]
    assert answer.context["form"].errors["hold"] == ["Au plus 90 jours."]


def test_a_policy_of_its_own_is_written_read_again_and_taken_back(editor: HostClient, draft: Offering) -> None:
    organisation.describe(rules=USUAL)
    address = url("edit_policy", draft.slug, "withdrawal")
    fees = {"fee_1_percent": "10", "fee_2_from_days_before": "14", "fee_2_percent": "50", "fee_2_cents": "5,00"}
    send(editor, address, own="own", until_days="2", asks_reason="on", decision="automatic", **fees)

    draft.refresh_from_db()
    policy = policy_of(draft, Kind.WITHDRAWAL)
    assert (policy.allowed, policy.until_days, policy.asks_reason) == (True, 2, True)
    assert policy.decision == Decision.AUTOMATIC
    assert [(fee.from_days_before, int(fee.percent), fee.cents) for fee in policy.fees] == [
        (None, 10, 0),
        (14, 50, 500),
    ]
    kept = draft.changes
    send(editor, address)
    draft.refresh_from_db()
    assert draft.changes == kept

    send(editor, address, own="")
    draft.refresh_from_db()
    assert (draft.changes, policy_of(draft, Kind.WITHDRAWAL).decision) == ({}, Decision.STAFF)


def test_two_fees_of_one_day_are_refused(editor: HostClient, draft: Offering) -> None:
    address = url("edit_policy", draft.slug, "swap")
    answer = send(editor, address, own="own", fee_1_percent="10", fee_2_percent="20")

    assert answer.status_code == 422 and "Deux frais commencent le même jour" in words(answer)
    assert editor.get(url("edit_policy", draft.slug, "nothing")).status_code == 404


def test_a_bus_is_shared_by_two_choices_and_filled_by_both(editor: HostClient, draft: Offering) -> None:
    Offering.objects.update(status="published", summary="Un camp.")
    first, second = (an_option(name, offering=draft, places=30, price=0) for name in ("Groupe A", "Groupe B"))
    a_hold(first)
    said = {"name": "Autobus", "name_en": "Bus", "capacity": "40"}
    send(editor, url("add_quota", draft.slug), **said, options=[str(first.pk), str(second.pk)])

    draft.refresh_from_db()
    [quota] = draft.quotas
    key = UUID(quota["id"])
    assert quota["name"] == {"fr": "Autobus", "en": "Bus"}
    assert list(Places.objects.filter(pk=key).values_list("capacity", "taken")) == [(40, 1)]
    assert Places.objects.get(pk=second.pk).shared == [key]
    assert "1 place prise sur 40" in words(editor.get(url("edit_sharing", draft.slug)))

    # The one that leaves takes its seat along, which makes room for fewer.
    send(editor, url("edit_quota", draft.slug, key), name="Car", capacity="0", options=[str(second.pk)])
    assert list(Places.objects.filter(pk=key).values_list("capacity", "taken")) == [(0, 0)]

    editor.post(url("remove_quota", draft.slug, key))
    draft.refresh_from_db()
    assert (draft.quotas, Places.objects.filter(pk=key).exists()) == ([], False)
    assert Places.objects.get(pk=second.pk).shared == []


def test_a_bus_too_small_for_who_is_there_is_refused_and_nothing_is_kept(editor: HostClient, draft: Offering) -> None:
    Offering.objects.update(status="published", summary="Un camp.")
    option = an_option("Groupe A", offering=draft, places=30, price=0)
    a_hold(option)

    answer = send(editor, url("add_quota", draft.slug), name="Autobus", capacity="0", options=[str(option.pk)])

    draft.refresh_from_db()
    assert (answer.status_code, "capacity" in answer.context["form"].errors, draft.quotas) == (422, True, [])
    assert 'value="Autobus"' in answer.content.decode()


def test_the_quota_of_another_offering_is_not_found(editor: HostClient, draft: Offering) -> None:
    assert editor.get(url("edit_quota", draft.slug, UUID(int=1))).status_code == 404
    assert editor.post(url("remove_quota", draft.slug, UUID(int=1))).status_code == 404
