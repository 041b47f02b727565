"""« Tarifs »: the organisation's price tables, each entry explained, changed and kept in the trail."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from kernel import clock
from kernel.errors import Refusal
from kernel.words import Words, in_language
from shared_apps.accounts.access import actor_of, staff
from shared_apps.audit.models import Entry
from shared_apps.design.posting import posted
from tenant_apps.office.catalogue import languages, price_uses, price_words
from tenant_apps.office.catalogue.price_forms import FORMS, ResidenceForm, RowForm
from tenant_apps.office.pages import page
from tenant_apps.office.scope import PRICES
from tenant_apps.organisation import price_tables
from tenant_apps.organisation.context import profile_of
from tenant_apps.organisation.models import Profile
from tenant_apps.organisation.rules import read

_LAST_CHANGES = 20


@staff(*PRICES)
def tables(request: HttpRequest) -> HttpResponse:
    profile = profile_of(request)
    tables = read(profile.rules).prices
    sections = [
        _section("taxes", [(tax.code, tax.label, price_words.of_tax(tax)) for tax in tables.taxes]),
        _section("families", [(each.key, each.label, price_words.of_family(each)) for each in tables.families]),
        _section("income_bands", [(each.key, each.label, "") for each in tables.income_bands]),
        _section("subsidies", [(each.key, each.label, "") for each in tables.subsidies]),
    ]
    context = {
        "residence": price_words.of_residence(tables.residence),
        "sections": sections,
        "changes": [_change(entry) for entry in price_tables.history()[:_LAST_CHANGES]],
    }
    return page(request, "office/catalogue/prices.html", context, section="prices")


@staff(*PRICES)
@require_http_methods(["GET", "HEAD", "POST"])
def residence(request: HttpRequest) -> HttpResponse:
    profile = profile_of(request)
    initial = ResidenceForm.initial_of(price_tables.table(profile, "residence"))
    form = ResidenceForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            price_tables.put_residence(
                residence=form.row, seen=request.POST.get("seen", ""), actor=actor_of(request), at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Le tableau est enregistré."))
            return redirect("office:prices")
    context = {"form": form, "title": _("Résidence"), "lead": "", "seen": price_tables.seal_of(profile, "residence")}
    status = 422 if form.errors else 200
    return page(request, "office/catalogue/price_row.html", context, section="prices", status=status)


@staff(*PRICES)
@require_http_methods(["GET", "HEAD", "POST"])
def row(request: HttpRequest, section: str, key: str = "") -> HttpResponse:
    """One entry, new where no key is given."""
    profile = profile_of(request)
    kept = _kept(profile, section, key)
    form = FORMS[section](posted(request), kept=kept, others=languages.others_of(profile))
    if request.method == "POST" and form.is_valid() and _put(request, section, key, form):
        messages.success(request, _("Le tableau est enregistré."))
        return redirect("office:prices")
    context = {
        "form": form,
        "title": in_language(kept["label"]) if kept else price_words.SECTIONS[section],
        "lead": price_words.LEADS[section],
        "seen": price_tables.seal_of(profile, section),
        "section_key": section,
        "key": key,
    }
    status = 422 if form.errors else 200
    return page(request, "office/catalogue/price_row.html", context, section="prices", status=status)


@staff(*PRICES)
@require_http_methods(["GET", "HEAD", "POST"])
def drop_row(request: HttpRequest, section: str, key: str) -> HttpResponse:
    """Asks first; what an offering or a family's right still names stays."""
    profile = profile_of(request)
    kept = _kept(profile, section, key)
    uses = price_uses.offerings_with(section, key)
    is_granted = price_uses.is_granted(section, key)
    form = forms.Form(posted(request))
    if request.method == "POST" and form.is_valid() and not uses.exists() and not is_granted:
        try:
            price_tables.drop_row(
                section=section, key=key, seen=request.POST.get("seen", ""), actor=actor_of(request), at=clock.now()
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("C’est retiré du tableau."))
            return redirect("office:prices")
    context = {
        "form": form,
        "label": in_language(kept["label"]) if kept else "",
        "uses": uses[:10],
        "is_granted": is_granted,
        "seen": price_tables.seal_of(profile, section),
        "section_key": section,
        "key": key,
    }
    status = 422 if form.errors else 200
    return page(request, "office/catalogue/price_drop.html", context, section="prices", status=status)


def _kept(profile: Profile, section: str, key: str) -> Mapping[str, Any] | None:
    if section not in FORMS:
        raise Http404
    if not key:
        return None
    name = price_tables.KEYS[section]
    found = next((each for each in price_tables.table(profile, section) if str(each[name]) == key), None)
    if found is None:
        raise Http404
    return dict(found)


def _put(request: HttpRequest, section: str, key: str, form: RowForm) -> bool:
    seen = request.POST.get("seen", "")
    try:
        price_tables.put_row(section=section, key=key, row=form.row, seen=seen, actor=actor_of(request), at=clock.now())
    except price_tables.NameTaken as refusal:
        form.add_error("label", str(refusal))
        return False
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return False
    return True


def _section(key: str, rows: list[tuple[str, Words, str]]) -> dict[str, Any]:
    return {
        "key": key,
        "title": price_words.SECTIONS[key],
        "lead": price_words.LEADS[key],
        "rows": [{"key": name, "label": in_language(label), "words": words} for name, label, words in rows],
    }


def _change(entry: Entry) -> dict[str, Any]:
    [(section, (before, after))] = entry.details["changes"].items()
    return {
        "at": entry.at,
        "by": entry.actor_label,
        "title": price_words.SECTIONS.get(section, _("Résidence")),
        "lines": price_words.differences(section, before, after),
    }
