"""What is asked of an identity provider, and of how families come in beside it."""

from typing import Any
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from shared_apps.accounts.providers.rules import Passwords
from shared_apps.accounts.providers.sources import COLUMNS, SCOPE, Source

_LOCKABLE = [(column, label) for column, label in COLUMNS.items() if column != "email"]


class ProviderForm(forms.Form):
    name = forms.CharField(
        label=_("Nom sur le bouton"),
        max_length=40,
        help_text=_("Les familles liront «\u202fSe connecter avec…\u202f» et ce nom."),
    )
    issuer = forms.URLField(
        label=_("Adresse de l’émetteur"),
        max_length=500,
        assume_scheme="https",
        help_text=_("Celle que donne le fournisseur, sans «\u202f/.well-known\u202f»."),
    )
    client_id = forms.CharField(
        label=_("Identifiant de client"),
        max_length=191,
        required=False,
        help_text=_("Le fournisseur le donne une fois l’adresse de retour inscrite chez lui."),
    )
    secret = forms.CharField(
        label=_("Secret de client"),
        max_length=500,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.CharField(label=_("Portées demandées"), max_length=300, help_text=_("Séparées par des espaces."))
    locked = forms.MultipleChoiceField(
        label=_("Source authentique"),
        choices=_LOCKABLE,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Ce que les familles ne pourront plus modifier ici."),
    )
    is_verified = forms.BooleanField(
        label=_("Le fournisseur a vérifié le courriel"),
        required=False,
        help_text=_("Sinon, la personne le confirme par un code."),
    )

    def __init__(self, data: Any = None, *, source: Source, has_secret: bool = False) -> None:
        super().__init__(data, initial=_initial(source))
        self.source = source
        self.fields["secret"].help_text = (
            _("Un secret est gardé, chiffré. Écrivez-en un pour le remplacer.")
            if has_secret
            else _("Gardé chiffré, et jamais montré.")
        )
        for column, label in COLUMNS.items():
            self.fields[_claim(column)] = forms.CharField(
                label=label,
                max_length=200,
                required=False,
                initial=", ".join(source.claims.get(column, ())),
                widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
            )

    @property
    def claims(self) -> list[forms.BoundField]:
        return [self[_claim(column)] for column in COLUMNS]

    def clean_issuer(self) -> str:
        issuer: str = self.cleaned_data["issuer"].rstrip("/").removesuffix("/.well-known/openid-configuration")
        if urlsplit(issuer).scheme != "https" and not settings.IDENTITY_PROVIDERS_ON_LOOPBACK:
            raise forms.ValidationError(_("L’adresse doit commencer par https://."))
        return issuer

    def told(self) -> Source:
        """What the form says, once it is valid."""
        said = self.cleaned_data
        named = {column: tuple(said[_claim(column)].replace(",", " ").split()) for column in COLUMNS}
        return Source(
            name=said["name"],
            preset=self.source.preset,
            issuer=said["issuer"],
            client_id=said["client_id"],
            scopes=tuple(dict.fromkeys([SCOPE, *said["scopes"].split()])),
            claims={column: names for column, names in named.items() if names},
            locked=tuple(said["locked"]),
            is_verified=said["is_verified"],
            # Nobody is sent to a provider that does not know us yet.
            is_active=self.source.is_active and bool(said["client_id"]),
        )


class PasswordsForm(forms.Form):
    passwords = forms.ChoiceField(
        label=_("Comptes avec un mot de passe"),
        choices=[
            (Passwords.SHOWN.value, _("Offerts à côté des fournisseurs d’identité")),
            (
                Passwords.OTHER_WAY.value,
                _("Derrière «\u202fMe connecter autrement\u202f», pour qui n’a pas d’identité électronique"),
            ),
            (Passwords.NEVER.value, _("Réservés au personnel")),
        ],
        widget=forms.RadioSelect,
    )


def _claim(column: str) -> str:
    return f"claim_{column}"


def _initial(source: Source) -> dict[str, Any]:
    return {
        "name": source.name,
        "issuer": source.issuer,
        "client_id": source.client_id,
        "scopes": " ".join(source.scopes),
        "locked": list(source.locked),
        "is_verified": source.is_verified,
    }
