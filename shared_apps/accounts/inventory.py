"""What the tables of accounts hold, those of the libraries included (kernel.inventory)."""

from django.utils.translation import gettext_lazy as _

from kernel.inventory import DataClass, Held, Retention, fields

_IDENTITY = Held(DataClass.PERSONAL, _("Savoir à qui est le compte et lui écrire"), Retention.ACCOUNT)
_USE = Held(DataClass.PERSONAL, _("Montrer à la personne l’usage de son compte"), Retention.ACCOUNT)
_WAY_IN = Held(DataClass.SECRET, _("Vérifier qui se connecte"), Retention.ACCOUNT)
_PROVIDER = Held(DataClass.PERSONAL, _("Reconnaître la personne chez son fournisseur d’identité"), Retention.ACCOUNT)
_PROVIDERS_KEY = Held(DataClass.SECRET, _("Parler avec le fournisseur d’identité"), Retention.ORGANISATION)
_SESSION = Held(DataClass.SECRET, _("Garder la connexion ouverte"), Retention.SHORT)
_DEVICE = Held(DataClass.PERSONAL, _("Montrer à la personne ses appareils connectés"), Retention.SHORT)

FIELDS = {
    **fields("User", "id is_active"),
    **fields("User", "email first_name last_name language code", _IDENTITY),
    **fields("User", "created_at last_login", _USE),
    **fields("User", "password", _WAY_IN),
    **fields("Remembered", "key value expires_at", _SESSION),
    **fields("account.EmailAddress", "id user"),
    **fields("account.EmailAddress", "email verified primary", _IDENTITY),
    **fields("account.EmailConfirmation", "id email_address created sent"),
    **fields("account.EmailConfirmation", "key", _WAY_IN),
    **fields("mfa.Authenticator", "id user"),
    **fields("mfa.Authenticator", "type created_at last_used_at", _USE),
    **fields("mfa.Authenticator", "data", _WAY_IN),
    **fields("socialaccount.SocialApp", "id provider provider_id name client_id key settings"),
    **fields("socialaccount.SocialApp", "secret", _PROVIDERS_KEY),
    **fields("socialaccount.SocialAccount", "id user"),
    **fields("socialaccount.SocialAccount", "provider uid extra_data last_login date_joined", _PROVIDER),
    **fields("socialaccount.SocialToken", "id app account expires_at"),
    **fields("socialaccount.SocialToken", "token token_secret", _WAY_IN),
    **fields("usersessions.UserSession", "id user"),
    **fields("usersessions.UserSession", "created_at last_seen_at ip user_agent", _DEVICE),
    **fields("usersessions.UserSession", "session_key data", _SESSION),
    **fields("sessions.Session", "session_key session_data expire_date", _SESSION),
    **fields("contenttypes.ContentType", "id app_label model"),
    **fields("auth.Permission", "id name content_type codename"),
    **fields("auth.Group", "id name permissions"),
}
