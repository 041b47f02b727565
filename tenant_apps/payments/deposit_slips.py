"""The slip that goes to the bank with a deposit, as a PDF."""

from django.utils.translation import gettext as _
from django.utils.translation import override

from shared_apps.design import formats
from shared_apps.documents import rendering
from tenant_apps.organisation import queries as organisation
from tenant_apps.organisation.models import Payee
from tenant_apps.payments import drawer
from tenant_apps.payments.drawer import Deposit


def pdf(slip: Deposit, payee: Payee, *, language: str) -> bytes:
    """Each cheque with its number, its payer and its amount; the cash in one sum, as the bank counts it."""
    profile = organisation.profile()
    locale = formats.locale_for(language, profile.territory)

    def amount(cents: int) -> str:
        return formats.money(cents, profile.currency.upper(), locale)

    with override(language):
        cheques = drawer.cheques_of(payee.pk, slip.number)
        words = {
            "title": _("Bordereau de dépôt nº %(number)s") % {"number": slip.name},
            "lang": locale.language,
            "region": profile.territory,
            "paper": rendering.paper(profile.territory),
            "brand": profile.brand_colour,
            "payee": {"name": payee.legal_name, "lines": payee.address.splitlines()},
            "issued_label": _("Préparé le"),
            "issued": formats.date_words(slip.at.astimezone(profile.zone).date(), locale, length="long"),
            "facts": [[_("Compte"), payee.bank_account or payee.iban or payee.name]],
            "cheques_title": _("Chèques"),
            "columns": [_("Numéro et payeur"), _("Commande"), _("Montant")],
            "rows": [
                [f"{each.reference}\n{each.order.guardian}", each.order.reference, amount(each.amount_cents)]
                for each in cheques
            ],
            "totals": [
                [_("Espèces"), amount(slip.cash_cents)],
                [_("Chèques (%(count)s)") % {"count": len(cheques)}, amount(slip.cheques_cents)],
                [_("Total déposé"), amount(slip.total_cents)],
            ],
            "footer": f"{profile.name} · {profile.contact_email}",
            "page": _("Page"),
        }
        return rendering.pdf("deposit", words)


def file_name(slip: Deposit) -> str:
    return f"depot-{slip.name}.pdf"
