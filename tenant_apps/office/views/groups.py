"""The list of a group, to read, to print and to download."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from kernel import clock
from shared_apps.accounts.access import recently, staff
from tenant_apps.catalog.models import Offering
from tenant_apps.forms import phone
from tenant_apps.office import exports, groups, health
from tenant_apps.office.groups import Group, Member
from tenant_apps.office.pages import page
from tenant_apps.office.scope import Scope, of_request
from tenant_apps.organisation.context import profile_of


@staff()
@recently("health")
def group(request: HttpRequest, slug: str) -> HttpResponse:
    found = _read(request, slug)
    return page(
        request,
        "office/group.html",
        {"group": found, "offering": found.offering, "at": clock.now()},
        section="offerings",
    )


@staff()
@recently("health")
def group_csv(request: HttpRequest, slug: str) -> HttpResponse:
    found, profile = _read(request, slug), profile_of(request)
    scope = of_request(request)
    rows = (_row(member, found, scope, profile.zone, profile.territory) for member in found.members)
    return exports.table(f"groupe-{slug}", _head(found, scope), rows)


def _read(request: HttpRequest, slug: str) -> Group:
    scope = of_request(request)
    offering = get_object_or_404(
        Offering.objects.select_related("consent_form").filter(pk__in=scope.offerings().values("pk")), slug=slug
    )
    found = groups.of_offering(offering, scope, profile_of(request), at=clock.now())
    read = [member.participant.pk for member in found.members if member.health]
    health.record_reading(request, subject="offering", subject_id=offering.pk, participants=read, reason="group")
    return found


def _head(group: Group, scope: Scope) -> list[str]:
    head = [_("Nom"), _("Prénom"), _("Niveau"), _("Groupe"), _("Enseignant"), _("Établissement"), _("Choix")]
    head += [column.label for column in group.columns]
    if group.offering.consent_form:
        head += [_("Autorisation"), _("Signée par"), _("Signée le")]
    if scope.sees_orders:
        head += [_("Parent"), _("Courriel"), _("Téléphone")]
    return head


def _row(member: Member, group: Group, scope: Scope, zone: ZoneInfo, territory: str) -> list[object]:
    return [*_identity(member), *_answers(member, group), *_consent(member, group, zone)] + (
        [member.guardian, member.latest.contact_email, phone.shown(member.guardian.phone, territory)]
        if scope.sees_orders
        else []
    )


def _identity(member: Member) -> Iterator[object]:
    participant = member.participant
    yield from (participant.last_name, participant.first_name, participant.level or "")
    yield from (member.home_group, member.teacher, participant.establishment or "")
    yield " / ".join(f"{each.option.name} × {each.quantity}" for each in member.registrations)


def _answers(member: Member, group: Group) -> Iterator[str]:
    for column in group.columns:
        yield member.answers[column.key].text if column.key in member.answers else ""


def _consent(member: Member, group: Group, zone: ZoneInfo) -> Iterator[object]:
    if not group.offering.consent_form:
        return
    yield member.consent_words
    yield member.signed.signed_name if member.signed else ""
    yield clock.local_date(member.signed.submitted_at, zone).isoformat() if member.signed else ""
