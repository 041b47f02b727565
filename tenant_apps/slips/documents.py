"""A slip as a PDF, in the words and the numbers that it was given with. The same slip always gives the same words."""

from datetime import date
from typing import Any

from babel import Locale
from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from shared_apps.documents import rendering
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Profile
from tenant_apps.slips import facts, files, issuers
from tenant_apps.slips.issuers import Issuer
from tenant_apps.slips.models import Slip, SlipKind, Version


def pdf(slip: Slip) -> bytes:
    """In the language of who paid."""
    profile = organisation.profile()
    locale = formats.locale_for(slip.facts["language"], profile.territory)
    with override(slip.facts["language"]):
        return rendering.pdf("slip", _words(slip, profile, locale))


def file_name(slip: Slip) -> str:
    return f"attestation-{slip.kind.replace('.', '-')}-{slip.year}-{slip.number:06}.pdf"


def _words(slip: Slip, profile: Profile, locale: Locale) -> dict[str, Any]:
    issuer, numbers = issuers.read(slip.facts["issuer"]), files.numbers_of(slip)
    return {
        "lang": locale.language,
        "region": profile.territory,
        "paper": rendering.paper(profile.territory),
        "brand": profile.brand_colour,
        "title": _title(slip),
        "banner": _banner(slip),
        "state": _state(slip),
        "issuer": {"name": issuer.name, "lines": _issuer_lines(issuer)},
        "issued_label": _("Délivré le"),
        "issued": _day(slip.made_at.astimezone(profile.zone).date(), locale),
        "facts": _payer(slip, numbers),
        "sheets": [
            sheet for child in slip.facts["children"] for sheet in _sheets(slip, child, numbers, issuer, locale)
        ],
        "sums": _sums(slip, locale),
        "notes": _notes(slip, issuer, locale),
        "signature": [_("Signature"), issuer.signatory] if issuer.signatory else [],
        "footer": f"{profile.name} · {profile.contact_email}",
        "page": _("Page"),
    }


def _title(slip: Slip) -> str:
    said = {"year": slip.year, "number": f"{slip.number:06}" if slip.number else "—"}
    return {
        SlipKind.CHILDCARE: _("Reçu pour frais de garde d’enfants %(year)s, nº\u00a0%(number)s"),
        SlipKind.RL24: _("Frais de garde d’enfants %(year)s, état nº\u00a0%(number)s"),
        SlipKind.FORM_281_86: _("Attestation 281.86, frais de garde d’enfants %(year)s, nº\u00a0%(number)s"),
    }[SlipKind(slip.kind)] % said


def _banner(slip: Slip) -> str:
    if not slip.number:
        return _("Aperçu\u202f: cette attestation n’est pas faite et ne vaut rien.")
    if slip.kind != SlipKind.RL24:
        return ""
    return _("État non officiel\u202f: ne remplace pas le relevé 24.")


def _state(slip: Slip) -> str:
    said = {"number": f"{slip.facts['amends']:06}"}
    if slip.version == Version.CANCELLED:
        return _("Annule l’attestation nº %(number)s, qui ne vaut plus.") % said
    if slip.version == Version.AMENDED:
        return _("Remplace l’attestation nº %(number)s.") % said
    return ""


def _issuer_lines(issuer: Issuer) -> list[str]:
    number = _("Numéro d’entreprise\u202f: %(number)s") % {"number": issuer.number} if issuer.number else ""
    lines = (issuer.street, f"{issuer.postal_code} {issuer.city}".strip(), number, issuer.phone, issuer.email)
    return [line for line in lines if line]


def _payer(slip: Slip, numbers: dict[str, Any]) -> list[list[str]]:
    payer = slip.facts["payer"]
    label = _("Numéro d’assurance sociale") if slip.kind == SlipKind.RL24 else _("Numéro national")
    town = f"{numbers.get('postal_code', '')} {numbers.get('town', '')}".strip()
    found = [
        (_("Payé par"), f"{payer['last_name']} {payer['first_name']}".strip()),
        (label, numbers.get("number", "")),
        (_("Adresse"), ", ".join(line for line in (numbers.get("street", ""), town) if line)),
    ]
    return [[name, value] for name, value in found if value]


def _sheets(
    slip: Slip, child: dict[str, Any], numbers: dict[str, Any], issuer: Issuer, locale: Locale
) -> list[dict[str, Any]]:
    """One table for each child; of the form 281.86, one for each four periods."""
    is_form = slip.kind == SlipKind.FORM_281_86
    groups = facts.sheets(child["periods"]) if is_form else [child["periods"]]
    rated = is_form and issuer.shows_rate
    head = [_("Accueil"), _("Du"), _("Au"), _("Jours"), *([_("Par jour")] if rated else []), _("Montant")]
    return [
        {
            "title": f"{child['last_name']} {child['first_name']}".strip(),
            "facts": _child(slip, child, numbers, locale),
            "columns": head,
            "rows": [_period(each, rated, slip, locale) for each in periods],
            "total": [_("Total"), _money(sum(each["cents"] for each in periods), locale)],
        }
        for periods in groups
    ]


def _child(slip: Slip, child: dict[str, Any], numbers: dict[str, Any], locale: Locale) -> list[list[str]]:
    born = child["birth_date"] and _day(date.fromisoformat(child["birth_date"]), locale)
    found = [
        (_("Date de naissance"), born),
        (_("Numéro national"), numbers.get("children", {}).get(child["id"], "")),
        (_("Jours de garde"), str(child["days"])),
        (_("Semaines avec hébergement"), str(child["weeks"] or "")),
    ]
    return [[name, value] for name, value in found if value]


def _period(period: dict[str, Any], rated: bool, slip: Slip, locale: Locale) -> list[str]:
    begin, end = (_day(date.fromisoformat(period[name]), locale) for name in ("from", "until"))
    rate = [_money(facts.rate(period), locale)] if rated else []
    return [period["title"], begin, end, str(period["days"]), *rate, _money(period["cents"], locale)]


def _sums(slip: Slip, locale: Locale) -> list[list[str]]:
    children = slip.facts["children"]
    eligible, without = (sum(each[name] for each in children) for name in ("cents", "ineligible_cents"))
    if slip.kind == SlipKind.RL24:
        return [
            [_("B – Nombre de jours de garde"), str(sum(each["days"] for each in children))],
            [_("C – Total payé"), _money(eligible + without, locale)],
            [_("D – Part qui ne donne pas droit au crédit"), _money(without, locale)],
            [_("E – Part qui donne droit au crédit"), _money(eligible, locale)],
        ]
    return [[_("Montant attesté"), _money(eligible, locale)]]


def _notes(slip: Slip, issuer: Issuer, locale: Locale) -> list[str]:
    notes = []
    if slip.kind == SlipKind.RL24:
        notes.append(
            _("Le relevé 24 officiel vient d’un logiciel autorisé par Revenu Québec. Gardez cet état pour vous.")
        )
    if slip.kind == SlipKind.CHILDCARE:
        notes.append(_("Montant reçu pour la garde des enfants nommés, aux dates dites, pendant l’année."))
    if slip.kind == SlipKind.FORM_281_86 and (ceiling := issuer.ceiling(slip.year)):
        notes.append(
            _("Plafond par jour et par enfant pour %(year)s\u202f: %(amount)s. Le fisc l’applique lui-même.")
            % {"year": slip.year, "amount": _money(ceiling, locale)}
        )
    if slip.kind == SlipKind.FORM_281_86 and issuer.certification:
        begins, ends = issuers.validity(issuer, slip.year)
        notes.append(
            _("Certification %(code)s de %(name)s, valable du %(begin)s au %(end)s.")
            % {
                "code": issuer.certification,
                "name": issuer.certifier_name,
                "begin": _day(begins, locale),
                "end": _day(ends, locale),
            }
        )
    return notes


def _day(day: date, locale: Locale) -> str:
    return formats.date_words(day, locale, length="long")


def _money(cents: int, locale: Locale) -> str:
    return formats.money(cents, organisation.profile().currency.upper(), locale)
