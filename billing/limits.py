"""What an organisation's plan lets it have. Families are never stopped by it: participants beyond it are billed."""

from collections.abc import Callable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from billing import plans
from billing.models import Plan, Subscription, SubscriptionState
from kernel.errors import Refusal
from kernel.registry import Registry
from tenants.context import current

# In the order in which they are shown.
KINDS = ("staff", "establishments", "own_domains")
# Told by the rooms that know, inside the organisation: how many there are of what a plan may limit.
USED: Registry[Callable[[], int]] = Registry("count of what a plan limits")


class LimitReached(Refusal):
    """`what`, `limit` and `plan` are in `values`."""

    code = "limit_reached"
    message = _(
        "Votre forfait «\u202f{plan}\u202f» comprend {limit}. "
        "Pour en ajouter, changez de forfait dans Réglages, Abonnement."
    )


def check(what: str, used: int) -> None:
    """Inside the organisation, before one more is added to the `used` that are there. Raises LimitReached.

    `what`: "staff", "establishments", "own_domains". What the plan does not name is not limited; nor is anything
    without a subscription.
    """
    plan_limit = limit_of(what)
    if plan_limit is not None and used >= plan_limit:
        subscription = Subscription.objects.select_related("plan").get(organisation=current())
        raise LimitReached(what=what, limit=_counted(what, plan_limit), plan=plans.name_of(subscription.plan))


def limit_of(what: str) -> int | None:
    """Inside the organisation. None: not limited."""
    found = Subscription.objects.filter(organisation=current()).exclude(state=SubscriptionState.ENDED)
    limits = found.values_list("plan__limits", flat=True).first() or {}
    limit: int | None = limits.get(what)
    return limit


class TooMuch(Refusal):
    code = "too_much_for_plan"
    message = _("Le forfait «\u202f{plan}\u202f» comprend {limit}\u202f: vous en avez davantage.")


def check_plan(plan: Plan) -> None:
    """Inside the organisation: would it fit in that plan? Raises TooMuch."""
    for what, used in USED:
        limit = plan.limits.get(what)
        if limit is not None and used() > limit:
            raise TooMuch(plan=plans.name_of(plan), limit=_counted(what, limit))


def used_of(plan: Plan) -> list[tuple[str, int, int | None]]:
    """Inside the organisation: what the plan limits, how many there are, and how many it allows."""
    return [(what, used(), plan.limits.get(what)) for what, used in USED]


def words_of(plan: Plan) -> list[str]:
    """What the plan limits, in words, for who chooses one."""
    return [_counted(what, plan.limits[what]) for what in KINDS if what in plan.limits]


def _counted(what: str, number: int) -> str:
    match what:
        case "staff":
            words = ngettext("%(number)d personne au personnel", "%(number)d personnes au personnel", number)
        case "establishments":
            words = ngettext("%(number)d établissement", "%(number)d établissements", number)
        case "own_domains":
            words = ngettext("%(number)d domaine à vous", "%(number)d domaines à vous", number)
        case _:
            raise LookupError(what)
    return words % {"number": number}
