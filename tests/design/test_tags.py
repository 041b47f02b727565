"""What the template tags write: fields tied to their hints and errors, amounts, dates, icons."""

from __future__ import annotations

import datetime
import re
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.template import Context, Template
from django.utils import timezone, translation

from shared_apps.design import icons
from tests.design.preview_forms import ChildForm, ConsentForm

QUEBEC = SimpleNamespace(country="CA", currency="CAD")
HAINAUT = SimpleNamespace(country="BE", currency="EUR")


def written(source: str, language: str = "fr", **context: Any) -> str:
    """Return what a template writes, on one line."""
    with translation.override(language):
        html = Template("{% load design %}" + source).render(Context(context))
    return re.sub(r">\s+<", "><", re.sub(r"\s+", " ", html)).strip()


def test_an_amount_follows_the_reader_s_language_and_the_organisation_s_country() -> None:
    assert written("{% money 550 %}", organisation=QUEBEC) == "5,50 $"
    assert written("{% money 550 %}", "en", organisation=QUEBEC) == "$5.50"
    assert written("{% money 550 %}", organisation=HAINAUT) == "5,50 €"
    assert written("{% money 550 %}", "nl", organisation=HAINAUT) == "€ 5,50"


def test_an_amount_without_an_organisation_follows_its_currency() -> None:
    assert written('{% money 550 "CAD" %}', "en") == "$5.50"


def test_a_missing_amount_is_blank() -> None:
    assert written("{% money nothing %}", organisation=QUEBEC, nothing=None) == ""


def test_a_moment_is_said_in_the_active_time_zone() -> None:
    moment = datetime.datetime(2025, 11, 25, 23, 0, tzinfo=datetime.UTC)
    with timezone.override(ZoneInfo("America/Toronto")):
        assert (
            written("{% datetime_words moment %}", organisation=QUEBEC, moment=moment)
            == "mardi 25 novembre 2025 à 18 h"
        )
        assert (
            written('{% datetime_words moment "long" %}', organisation=QUEBEC, moment=moment)
            == "25 novembre 2025 à 18 h"
        )
        assert written("{% hour_words moment %}", organisation=QUEBEC, moment=moment) == "18 h"


@pytest.mark.parametrize(
    ("seconds", "language", "words"),
    [
        (0, "fr", "il y a moins d’une minute"),
        (59, "en", "il y a less than a minute"),
        (60, "fr", "il y a 1 minute"),
        (7260, "nl", "il y a 2 uur, 1 minuut"),
    ],
)
def test_what_has_just_been_is_not_zero_minutes_ago(seconds: int, language: str, words: str) -> None:
    since = datetime.datetime(2026, 11, 22, 9, tzinfo=datetime.UTC)
    context = {"since": since, "now": since + datetime.timedelta(seconds=seconds)}

    assert written("il y a {{ since|elapsed:now }}", language, **context).replace("\xa0", " ") == words


def test_a_day_may_begin_with_a_capital() -> None:
    day = datetime.date(2022, 8, 24)
    assert written("{% date_words day capitalise=True %}", day=day) == "Mercredi 24 août 2022"


def test_an_icon_is_silent_unless_it_is_named() -> None:
    assert 'aria-hidden="true"' in written('{% icon "lock" %}')
    assert 'role="img" aria-label="Réservé &amp; fermé"' in written(
        '{% icon "lock" label=words %}', words="Réservé & fermé"
    )


@pytest.mark.parametrize("name", ["no-such-icon", "../apps", "LICENSE.txt", ""])
def test_an_unknown_icon_fails_loudly(name: str) -> None:
    with pytest.raises(icons.UnknownIcon):
        icons.shapes(name)


def test_a_field_is_tied_to_its_hint_and_its_error() -> None:
    form = ChildForm({"email": "josee@"})
    html = written('{% field form.email autocomplete="email" %}', form=form)

    assert '<label class="field-label" for="id_email">Courriel</label>' in html
    assert '<p class="hint" id="id_email_helptext">Nous y envoyons la confirmation.</p>' in html
    assert 'aria-describedby="id_email_helptext id_email_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'autocomplete="email"' in html
    assert 'value="josee@"' in html
    assert 'id="id_email_error"' in html


def test_an_optional_field_says_so_and_a_required_one_does_not() -> None:
    assert "(facultatif)" in written("{% field form.remarks %}", form=ChildForm())
    assert "(facultatif)" not in written("{% field form.first_name %}", form=ChildForm())
    assert "(facultatif)" not in written("{% field form.remarks mark_optional=False %}", form=ChildForm())


def test_what_a_ticked_box_asks_is_not_optional() -> None:
    assert "(facultatif)" not in written("{% field form.allergies %}", form=ChildForm())


def test_radios_stand_in_a_fieldset_named_by_the_question() -> None:
    html = written("{% field form.decision inline=True %}", form=ConsentForm({}))

    assert html.count("<fieldset") == 1
    assert '<legend class="field-label">Votre réponse</legend>' in html
    assert 'aria-describedby="id_decision_error"' in html
    assert '<label for="id_decision_0">Oui, j’autorise</label>' in html


def test_a_day_is_asked_with_the_browser_s_picker_whatever_the_language() -> None:
    html = written("{% field form.born_on %}", form=ChildForm(initial={"born_on": datetime.date(2019, 6, 12)}))

    assert 'type="date"' in html
    assert 'value="2019-06-12"' in html


def test_a_hidden_field_shows_nothing_around_it() -> None:
    class Hidden(forms.Form):
        token = forms.CharField(widget=forms.HiddenInput)

    assert written("{% field form.token %}", form=Hidden(initial={"token": "a"})) == (
        '<input type="hidden" name="token" value="a" id="id_token">'
    )


def test_what_a_person_typed_is_escaped() -> None:
    html = written("{% field form.first_name %}", form=ChildForm({"first_name": '"><script>'}))
    assert "<script>" not in html


def test_the_summary_links_every_error_to_its_field_in_order() -> None:
    form = ChildForm({"first_name": "Aïcha", "email": "josee@", "born_on": "2019-06-12", "level": "1", "portions": "1"})
    html = written("{% error_summary form %}", form=form)

    assert re.findall(r'href="#(\w+)"', html) == ["id_email", "id_phone", "id_lunch_0", "id_agree"]
    assert "Courriel\u202f: Saisissez une adresse" in html.replace(" :", "\u202f:")


def test_the_summary_reads_formsets_and_errors_of_the_whole_form() -> None:
    answers = {"first_name": "Personne", "email": "a@b.ca", "phone": "1", "born_on": "2019-06-12", "level": "1"}
    child = ChildForm({**answers, "lunch": "s", "portions": "1", "agree": "on"})
    consents = forms.formset_factory(ConsentForm, min_num=1, validate_min=True, extra=0)(
        {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-decision": "yes"}
    )
    html = written("{% error_summary child consents %}", child=child, consents=consents)

    assert "<li>Cet élève est déjà inscrit.</li>" in html
    assert re.findall(r'href="#([\w-]+)"', html) == ["id_form-0-signature"]


def test_no_error_no_summary() -> None:
    assert written("{% error_summary form none %}", form=ChildForm(), none=None) == ""
