"""Reminders to the families who have not answered yet, and the mails that follow an answer given in another way."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from kernel import clock
from kernel.transactions import operation
from shared_apps.audit import operations as audit
from shared_apps.audit.actors import SYSTEM, Actor
from shared_apps.design import formats
from shared_apps.outbox.models import Message
from tenant_apps.families.models import Guardian, Participant
from tenant_apps.forms import consents
from tenant_apps.forms.models import Submission
from tenant_apps.notifications.letters import Letter, send, staff_language
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation import rules
from tenant_apps.organisation.models import Profile
from tenant_apps.registrations import consents as registered
from tenant_apps.registrations.consents import Register, Subject
from tenants import links

# Nobody is written to in the night by a rule.
_HOURS = range(8, 20)
_NO_ACCOUNT_YET = gettext_lazy(
    "Pas encore de compte\u202f? Inscrivez-vous avec cette adresse de courriel\u202f: vos enfants y sont déjà."
)


@dataclass(frozen=True, slots=True)
class Reminder:
    """One mail: to a guardian, about those of their children for whom nobody answered."""

    guardian: Guardian
    children: list[Participant]


def reminders(register: Register, *, at: datetime, zone: ZoneInfo) -> list[Reminder]:
    """To whoever may answer and was not reminded of the same thing today (S3-33). Nobody once it is closed."""
    if not register.subject.is_open(at=at, zone=zone):
        return []
    return _to_remind(register, days=[clock.local_date(at, zone)])


def unreachable(register: Register) -> list[Participant]:
    """The silent whom no mail can reach: nobody who may answer has an address here (S3-34)."""
    reached = consents.holders().filter(participant_id__in=register.silent).exclude(guardian__email="")
    silent = Participant.objects.filter(id__in=register.silent).exclude(id__in=reached.values("participant_id"))
    return list(silent.select_related("establishment").order_by("search_text", "id"))


@operation
def remind(*, register: Register, actor: Actor, at: datetime) -> int:
    """Queue the reminders; returns how many. Asked again the same day, nobody is written to twice."""
    profile = organisation.profile()
    return _send_all(register.subject, reminders(register, at=at, zone=profile.zone), profile, actor, at)


@operation
def remind_before_deadlines(*, at: datetime) -> int:
    """A few days before a deadline (S3-32), by the organisation's rule: once, unless staff did in those days."""
    profile = organisation.profile()
    days = rules.read(profile.rules).reminder_days
    today = clock.local_date(at, profile.zone)
    if not days or at.astimezone(profile.zone).hour not in _HOURS:
        return 0
    due = [
        subject
        for subject in registered.subjects()
        if subject.due_on
        and today <= subject.due_on <= today + timedelta(days=days)
        and subject.is_open(at=at, zone=profile.zone)
    ]
    if not due:
        return 0
    sent = 0
    for register in registered.registers(due, Participant.objects.all(), at=at, zone=profile.zone):
        window = _days(register.subject.due_on, days)
        sent += _send_all(register.subject, _to_remind(register, days=window), profile, SYSTEM, at)
    return sent


def assisted(payload: dict[str, Any]) -> None:
    """To the parent who came: what was recorded in their name, and what to do if it is wrong (S3-30)."""
    submission = _submission(payload)
    if submission is None or submission.signer is None or not submission.signer.email:
        return
    profile, signer = organisation.profile(), submission.signer
    with override(signer.language):
        letter, key = _assisted_letter(submission, profile), f"consent:{submission.id}:assisted"
        send(letter, key=key, recipient=signer.email, language=signer.language, profile=profile)


def withdrawn(payload: dict[str, Any]) -> None:
    """To the child's school, else the organisation: the child no longer takes part (S3-27)."""
    submission = _submission(payload)
    if submission is None:
        return
    profile, school = organisation.profile(), submission.participant.establishment
    recipient = (school.email if school else "") or profile.contact_email
    if not recipient:
        return
    language = staff_language(profile)
    with override(language):
        key = f"consent:{submission.id}:withdrawn"
        send(_withdrawn_letter(submission), key=key, recipient=recipient, language=language, profile=profile)


def _to_remind(register: Register, *, days: Iterable[date]) -> list[Reminder]:
    silent = {child.id: child for child in Participant.objects.filter(id__in=register.silent)}
    by_guardian: dict[UUID, Reminder] = {}
    holders = consents.holders().filter(participant_id__in=silent).exclude(guardian__email="")
    for link in holders.select_related("guardian").order_by("guardian__search_text", "id"):
        reminder = by_guardian.setdefault(link.guardian_id, Reminder(link.guardian, []))
        reminder.children.append(silent[link.participant_id])
    keys = {_key(register.subject, guardian, day): guardian for guardian in by_guardian for day in days}
    done = Message.objects.filter(unique_key__in=list(keys)).values_list("unique_key", flat=True)
    reminded = {keys[key] for key in done}
    return [reminder for guardian, reminder in by_guardian.items() if guardian not in reminded]


def _send_all(subject: Subject, to_send: list[Reminder], profile: Profile, actor: Actor, at: datetime) -> int:
    today = clock.local_date(at, profile.zone)
    for reminder in to_send:
        guardian, key = reminder.guardian, _key(subject, reminder.guardian.id, today)
        with override(guardian.language):
            letter = _reminder_letter(subject, reminder, profile)
            send(letter, key=key, recipient=guardian.email, language=guardian.language, profile=profile, at=at)
    if to_send:
        audit.record(
            action="consents.reminded",
            subject="offering" if subject.offering else "form",
            subject_id=subject.offering.id if subject.offering else subject.form.id,
            actor=actor,
            at=at,
            details={"guardians": len(to_send)},
        )
    return len(to_send)


def _key(subject: Subject, guardian_id: UUID, day: date) -> str:
    return f"consent:{subject.key}:{guardian_id}:{day.isoformat()}"


def _days(due_on: date | None, days: int) -> list[date]:
    return [due_on - timedelta(days=each) for each in range(days + 1)] if due_on else []


def _submission(payload: dict[str, Any]) -> Submission | None:
    found = Submission.objects.select_related("version__form", "signer", "participant__establishment")
    return found.filter(pk=payload["submission"]).first()


def _reminder_letter(subject: Subject, reminder: Reminder, profile: Profile) -> Letter:
    locale = formats.locale_for(reminder.guardian.language, profile.territory)
    facts = [(_("Pour"), ", ".join(str(child) for child in reminder.children))]
    if subject.due_on:
        facts.append((_("Au plus tard"), formats.date_words(subject.due_on, locale)))
    return Letter(
        subject=_("Votre réponse est attendue\u202f: %(title)s") % {"title": subject.title},
        paragraphs=[
            _("Bonjour,"),
            _(
                "Nous n’avons pas encore reçu votre réponse, oui ou non, à cette demande d’autorisation. "
                "Elle se donne en ligne, en une minute."
            ),
        ],
        facts=facts,
        action=(_("Répondre"), links.absolute(reverse("consents"))),
        notes=[
            *([] if reminder.guardian.user_id else [str(_NO_ACCOUNT_YET)]),
            _(
                "Sans ordinateur ou téléphone, prenez rendez-vous avec le secrétariat, qui vous aidera à répondre. "
                "Les réponses sur papier, par courriel ou de vive voix ne sont pas acceptées."
            ),
        ],
    )


def _assisted_letter(submission: Submission, profile: Profile) -> Letter:
    locale = formats.locale_for(submission.signer.language if submission.signer else "fr", profile.territory)
    at = submission.submitted_at.astimezone(profile.zone)
    return Letter(
        subject=_("Votre réponse a été saisie\u202f: %(title)s") % {"title": submission.version.form.shown_title},
        paragraphs=[
            _("Bonjour,"),
            _("Voici la réponse que le personnel a saisie pour vous, en votre présence."),
        ],
        facts=[
            (_("Pour"), str(submission.participant)),
            (_("Décision"), submission.get_decision_display()),
            (_("Le"), formats.datetime_words(at, locale)),
        ],
        action=(_("Lire le texte"), links.absolute(reverse("consent_signed", args=[submission.id]))),
        notes=[
            _(
                "Ce n’est pas ce que vous avez dit, ou vous n’étiez pas là\u202f? Répondez à ce message sans attendre. "
                "Vous pouvez aussi retirer une autorisation en tout temps dans votre dossier."
            )
        ],
    )


def _withdrawn_letter(submission: Submission) -> Letter:
    depending = registered.depending_on(submission.version.form_id, submission.participant_id)
    titles = sorted({each.option.offering.shown("title") for each in depending})
    return Letter(
        subject=_("Autorisation retirée\u202f: %(child)s") % {"child": submission.participant},
        paragraphs=[_("Un parent a retiré une autorisation. L’enfant ne peut plus participer à ce qui en dépend.")],
        facts=[
            (_("Pour"), str(submission.participant)),
            (_("Autorisation"), submission.version.form.shown_title),
            (_("Encore inscrit à"), ", ".join(titles) or _("Rien")),
        ],
        action=(_("Voir les autorisations"), links.absolute(reverse("office:consents"))),
    )


LISTENERS = {"consents.assisted": assisted, "consents.withdrawn": withdrawn}
