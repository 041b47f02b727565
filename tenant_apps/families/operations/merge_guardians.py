"""Makes one guardian of two: the account stays tied to the one that is kept (S4-11)."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from kernel.errors import Refusal
from kernel.transactions import operation
from shared_apps.accounts import standing
from shared_apps.accounts.models import User
from shared_apps.audit.actors import Actor
from shared_apps.vault import sealing
from tenant_apps.families.followers import FOLLOWERS
from tenant_apps.families.models import Guardian, LinkRequest
from tenant_apps.families.operations import joining, pairs
from tenant_apps.families.queries import SEALED_OF_GUARDIAN

COLUMNS = ("last_name", "first_name", "email", "phone", "birth_date", "language", "reference")


class TwoAccounts(Refusal):
    code = "two_accounts"
    message = _(
        "Ces deux personnes ont chacune un compte dont elles se sont servies. "
        "Désactivez d’abord celui qui ne doit plus servir."
    )


@operation
def merge_guardians(
    *, kept_id: UUID, gone_id: UUID, from_gone: Collection[str], actor: Actor, at: datetime
) -> Guardian:
    """Keep the first record, with the COLUMNS that are better in the second, and all that hangs on both.

    Of two accounts the one that nobody ever signed in to, or that is disabled, is closed. Raises SameRecord,
    AlreadyMerged, DifferentNumbers, TwoAccounts, or what another room refuses.
    """
    both = Guardian.objects.select_related("user", "household")
    kept, gone = pairs.locked(both, kept_id, gone_id)
    user = _account_of_both(kept, gone, actor, at)
    joining.links_of_guardians(kept.id, gone.id)
    for _name, follower in FOLLOWERS:
        follower.of_guardians(kept.id, gone.id, at)
    pairs.move_requests(kept.id, gone.id, column="guardian_id", other="participant_id")
    LinkRequest.objects.filter(invited_by_id=gone.id).update(invited_by_id=kept.id)
    _write(kept, gone, from_gone, user)
    pairs.record("guardian.merged", kept.id, gone.id, from_gone, actor=actor, at=at)
    return kept


def _account_of_both(kept: Guardian, gone: Guardian, actor: Actor, at: datetime) -> User | None:
    if kept.user is None or gone.user is None:
        return kept.user or gone.user
    unused = next((user for user in (gone.user, kept.user) if not user.is_active or user.last_login is None), None)
    if unused is None:
        raise TwoAccounts
    standing.disable(user_id=unused.id, actor=actor, at=at)
    return kept.user if unused == gone.user else gone.user


def _write(kept: Guardian, gone: Guardian, from_gone: Collection[str], user: User | None) -> None:
    taken = {name: getattr(gone, name) for name in COLUMNS if name in from_gone}
    number, reference = gone.national_number_hash, gone.reference
    sealed = {**_sealed(gone), **_sealed(kept)}
    _share_household(kept, gone)
    Guardian.objects.filter(merged_into=gone).update(merged_into=kept)
    gone.merged_into, gone.user, gone.sealed, gone.national_number_hash, gone.reference = kept, None, None, "", ""
    gone.save()
    for name, value in taken.items():
        setattr(kept, name, value)
    locks = set(kept.locked_fields) - set(from_gone) | set(gone.locked_fields) & set(from_gone)
    kept.user, kept.locked_fields = user, sorted(locks)
    kept.sealed = sealing.seal(sealed, place=SEALED_OF_GUARDIAN, row_id=kept.id)
    kept.national_number_hash = kept.national_number_hash or number
    kept.reference = kept.reference or reference
    kept.save()


def _share_household(kept: Guardian, gone: Guardian) -> None:
    """What a household of one answered comes along; what others answered with the person stays theirs."""
    if gone.household is None or gone.household.guardians.exclude(id=gone.id).exists():
        return
    if kept.household is None:
        kept.household = gone.household
        return
    kept.household.answers = {**gone.household.answers, **kept.household.answers}
    kept.household.save(update_fields=["answers"])


def _sealed(guardian: Guardian) -> dict[str, object]:
    return sealing.unseal(guardian.sealed, place=SEALED_OF_GUARDIAN, row_id=guardian.id)
