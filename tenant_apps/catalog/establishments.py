"""How many offerings name an establishment: where they take place, or in the rules of who may take them."""

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from tenant_apps.catalog.models import Offering, Option
from tenant_apps.organisation.models import Establishment

_RULES = ("requirements", "windows", "pricing", "quotas", "waiting", "support")


def offerings_of(establishment: Establishment) -> int:
    """Rules name it by its code, between quotes wherever it stands in them."""
    code = f'"{establishment.code}"'
    texts = {f"{name}_text": Cast(name, TextField()) for name in _RULES}
    named = Q(establishments=establishment)
    for name in texts:
        named |= Q(**{f"{name}__contains": code})
    options = Option.objects.annotate(rules=Cast("requirements", TextField())).filter(rules__contains=code)
    named |= Q(pk__in=options.values("offering_id"))
    return Offering.objects.annotate(**texts).filter(named).distinct().count()
