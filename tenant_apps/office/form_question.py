"""One question in the form editor: its words in every language offered, its choices, its condition, its limits."""

from collections.abc import Iterator, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _

from kernel.inventory import DataClass
from kernel.words import in_language
from tenant_apps.families.matching import NATIONAL_NUMBER
from tenant_apps.forms import conditions, editing
from tenant_apps.forms.identifiers import CHECKS
from tenant_apps.office.form_fields import KIND_WORDS

_IDENTITY = ("level", "establishment")
_WITH_CHOICES = ("choice", "choices")
_CONTROLLING = ("choice", "choices", "yes_no", "boolean")


class QuestionForm(forms.Form):
    """One question. Of one that exists, its kind and what kind of information it is stay: answers were given to it."""

    def __init__(
        self,
        data: Mapping[str, Any] | None,
        *,
        definition: Mapping[str, Any],
        languages: Mapping[str, str],
        known: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=_initial(known or {}, languages))
        self._definition, self.languages, self._known = definition, languages, known
        if known is None:
            self._ask_what_it_is(definition)
        for code, name in languages.items():
            self._ask_words(code, name)
        self.fields["required"] = forms.BooleanField(label=_("Réponse obligatoire"), required=False)
        self._ask_condition()
        self._ask_particulars(languages)

    @property
    def kind(self) -> str:
        """Of the question that exists, or as it is typed."""
        if self._known is not None:
            return str(self._known["kind"])
        return str(self.data.get("kind", "")) if self.is_bound else ""

    def clean(self) -> dict[str, Any]:
        told: dict[str, Any] = super().clean() or self.cleaned_data
        kind = self.kind
        if kind in _WITH_CHOICES:
            self._check_choices(told)
        if kind in CHECKS and not told.get("reason"):
            self.add_error("reason", _("Ce numéro identifie une personne\u202f: écrivez pourquoi il est nécessaire."))
        low, high = told.get("minimum"), told.get("maximum")
        if low is not None and high is not None and low > high:
            self.add_error("maximum", _("Le maximum est plus petit que le minimum."))
        return told

    def question(self) -> tuple[dict[str, Any], int]:
        """As the definition holds it, and the section it goes to."""
        told, kept = self.cleaned_data, dict(self._known or {})
        data: dict[str, Any] = {**kept, "label": self._words("label"), "required": told["required"]}
        if self._known is None:
            data |= self._new(told)
        _set(data, "hint", self._words("hint"))
        _set(data, "reason", told.get("reason", ""))
        _set(data, "show_if", self._condition(told.get("show_if", ""), kept.get("show_if")))
        if self.kind in _WITH_CHOICES:
            data["choices"] = editing.choices(self._lines(told), kept.get("choices", []))
        for column, name in (("min", "minimum"), ("max", "maximum")):
            if name in self.fields:
                _set(data, column, told.get(name))
        return data, int(told.get("section") or 0)

    def _new(self, told: Mapping[str, Any]) -> dict[str, Any]:
        kind = told["kind"]
        is_number = kind in CHECKS
        sealed = {"health_insurance_qc": DataClass.HEALTH}.get(kind, DataClass.NATIONAL_NUMBER)
        key = NATIONAL_NUMBER if kind == "national_number_be" else editing.new_key(self._definition, told["label_fr"])
        data = {"key": key, "kind": kind, "class": str(sealed) if is_number else told["data_class"]}
        if told["shared"] and not is_number and kind != "file":
            data["shared"] = True
        return data

    def _ask_what_it_is(self, definition: Mapping[str, Any]) -> None:
        kinds = [(kind, words) for kind, words in KIND_WORDS.items() if kind not in _IDENTITY]
        self.fields["kind"] = forms.ChoiceField(label=_("Genre de réponse"), choices=[("", "—"), *kinds])
        self.fields["data_class"] = forms.ChoiceField(
            label=_("Ce que dit la réponse"),
            widget=forms.RadioSelect,
            initial=DataClass.PERSONAL,
            choices=[
                (DataClass.PERSONAL.value, _("Un renseignement personnel")),
                (DataClass.HEALTH.value, _("La santé\u202f: gardé chiffré, lu par peu de personnes")),
            ],
        )
        self.fields["shared"] = forms.BooleanField(
            label=_("Réponse commune à tous les enfants de la famille"), required=False
        )
        titles = [in_language(each.get("title", "")) for each in definition.get("sections", [])]
        if len(titles) > 1:
            named = [(str(number), title or str(number + 1)) for number, title in enumerate(titles)]
            self.fields["section"] = forms.ChoiceField(label=_("Dans la partie"), choices=named)

    def _ask_words(self, code: str, name: str) -> None:
        self.fields[f"label_{code}"] = forms.CharField(
            label=_("Question (%(language)s)") % {"language": name},
            required=code == "fr",
            max_length=300,
            widget=forms.TextInput(attrs={"lang": code}),
        )
        self.fields[f"hint_{code}"] = forms.CharField(
            label=_("Aide (%(language)s)") % {"language": name},
            required=False,
            max_length=500,
            widget=forms.TextInput(attrs={"lang": code}),
        )

    def _ask_condition(self) -> None:
        offered = list(_conditions(self._definition, self._known["key"] if self._known else None))
        now = self.initial.get("show_if")
        if now and now not in dict(offered):
            offered.append((now, _("La condition actuelle")))
        if offered:
            self.fields["show_if"] = forms.ChoiceField(
                label=_("Demander seulement si"), required=False, choices=[("", _("Toujours")), *offered]
            )

    def _ask_particulars(self, languages: Mapping[str, str]) -> None:
        kind = self.kind
        if self._known is None or kind in _WITH_CHOICES:
            for code, name in languages.items():
                self.fields[f"choices_{code}"] = forms.CharField(
                    label=_("Choix (%(language)s)") % {"language": name},
                    required=False,
                    max_length=4000,
                    widget=forms.Textarea(attrs={"rows": 4, "lang": code}),
                    help_text=_("Pour une liste\u202f: un choix par ligne, dans le même ordre dans chaque langue."),
                )
        if kind == "number":
            self.fields["minimum"] = forms.IntegerField(label=_("Minimum"), required=False)
            self.fields["maximum"] = forms.IntegerField(label=_("Maximum"), required=False)
        if self._known is None or kind in CHECKS or self._known.get("class") == DataClass.HEALTH:
            self.fields["reason"] = forms.CharField(
                label=_("Pourquoi c’est nécessaire"),
                required=False,
                max_length=500,
                help_text=_("Exigé pour un numéro qui identifie une personne. Les familles peuvent le lire."),
            )

    def _check_choices(self, told: Mapping[str, Any]) -> None:
        lines = {code: _split(told.get(f"choices_{code}", "")) for code in self.languages}
        if len(lines["fr"]) < 2:
            self.add_error("choices_fr", _("Écrivez au moins deux choix, un par ligne."))
        elif len(set(lines["fr"])) < len(lines["fr"]):
            self.add_error("choices_fr", _("Deux choix sont pareils."))
        for code, each in lines.items():
            if each and len(each) != len(lines["fr"]):
                self.add_error(f"choices_{code}", _("Écrivez autant de choix que dans la première langue."))

    def _lines(self, told: Mapping[str, Any]) -> list[dict[str, str]]:
        lines = {code: _split(told.get(f"choices_{code}", "")) for code in self.languages}
        count = len(lines["fr"])
        return [{code: each[number] for code, each in lines.items() if len(each) == count} for number in range(count)]

    def _words(self, column: str) -> Any:
        return {
            code: self.cleaned_data[f"{column}_{code}"]
            for code in self.languages
            if self.cleaned_data.get(f"{column}_{code}")
        }

    @staticmethod
    def _condition(said: str, now: Any) -> Any:
        if not said:
            return None
        if now and _as_word(now) == said:
            return now
        key, _equals, value = said.partition("=")
        return {"question": key, "is": value}


def _initial(known: Mapping[str, Any], languages: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"required": known.get("required", False), "reason": in_language(known.get("reason", ""))}
    for code in languages:
        for column in ("label", "hint"):
            found[f"{column}_{code}"] = _in(known.get(column, ""), code)
        labels = [each["label"] if isinstance(each, dict) else each for each in known.get("choices", [])]
        found[f"choices_{code}"] = "\n".join(_in(label, code) for label in labels)
    found |= {"minimum": known.get("min"), "maximum": known.get("max")}
    found["show_if"] = _as_word(known["show_if"]) if known.get("show_if") else ""
    return found


def _in(words: Any, code: str) -> str:
    if isinstance(words, str):
        return words if code == "fr" else ""
    return str(words.get(code, ""))


def _as_word(condition: Mapping[str, Any]) -> str:
    wanted = condition.get("is", True)
    values = wanted if isinstance(wanted, list) else [wanted]
    return f"{condition['question']}={'|'.join(map(conditions.word, values))}"


def _conditions(definition: Mapping[str, Any], until: str | None) -> Iterator[tuple[str, str]]:
    """Each answer of each earlier question that can decide."""
    for data in editing.questions(definition):
        if data["key"] == until:
            return
        if data["kind"] not in _CONTROLLING:
            continue
        label = in_language(data["label"])
        if data["kind"] in ("yes_no", "boolean"):
            answers = [("yes", _("Oui")), ("no", _("Non"))]
        else:
            each = data.get("choices", [])
            answers = [(c["value"], in_language(c["label"])) if isinstance(c, dict) else (c, c) for c in each]
        for value, words in answers:
            yield f"{data['key']}={value}", _("%(question)s – %(answer)s") % {"question": label, "answer": words}


def _split(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _set(data: dict[str, Any], column: str, value: Any) -> None:
    if value in (None, "", {}, []):
        data.pop(column, None)
    else:
        data[column] = value
