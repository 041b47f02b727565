"""Finds or makes the guardians that the lines name, and what links them to the children."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db.models import Q

from kernel.folding import fold
from tenant_apps.families.models import Guardian, Guardianship, Participant
from tenant_apps.families.operations import claiming
from tenant_apps.families.operations.bulk import Batch
from tenant_apps.imports import numbers
from tenant_apps.imports.lines import Adult, Line

Links = dict[UUID, list[Guardianship]]


class Adults:
    """Whom the file has brought so far: brothers and sisters far apart in it have the same parents."""

    def __init__(self, *, language: str, at: datetime) -> None:
        self._language, self._at = language, at
        self._by_address: dict[tuple[str, str], Guardian] = {}
        self._by_reference: dict[str, Guardian] = {}
        self._by_number: dict[str, Guardian] = {}
        self._by_user: dict[UUID, Guardian] = {}
        self._ids: set[UUID] = set()

    def has_made(self, guardian: Guardian) -> bool:
        return guardian.id in self._ids

    def of_reference(self, reference: str) -> Guardian | None:
        return self._by_reference.get(reference)

    def of_number(self, hashed: str) -> Guardian | None:
        return self._by_number.get(hashed)

    def of_user(self, user_id: UUID) -> Guardian | None:
        return self._by_user.get(user_id)

    def of_address(self, adult: Adult) -> Guardian | None:
        return self._by_address.get((adult.email, _name(adult))) if adult.email else None

    def make(self, adult: Adult, *, user_id: UUID | None, reference: str) -> Guardian:
        """Whose number, if the file gives one, nobody has yet."""
        guardian = Guardian(
            user_id=user_id,
            last_name=adult.last_name,
            first_name=adult.first_name,
            email=adult.email,
            phone=adult.phone,
            reference=reference,
            language=self._language,
            locked_fields=[] if user_id else [claiming.NAMED_BY_ADDRESS],
            created_at=self._at,
        )
        self._ids.add(guardian.id)
        if adult.national_number:
            numbers.keep(guardian, adult)
            self._by_number[guardian.national_number_hash] = guardian
        if user_id:
            self._by_user[user_id] = guardian
        if reference:
            self._by_reference[reference] = guardian
        if adult.email:
            self._by_address[adult.email, _name(adult)] = guardian
        return guardian

    def link(self, guardian: Guardian, participant: Participant, role: str) -> Guardianship:
        return Guardianship(guardian=guardian, participant=participant, role=role, created_at=self._at)


class Tying:
    """Gives the children of some lines their adults; `links` are those that they have. A few questions for all."""

    def __init__(self, brought: Adults, lines: Sequence[Line], links: Links, batch: Batch) -> None:
        self._brought, self._links, self._batch = brought, links, batch
        emails = {adult.email for line in lines for adult in line.adults} - {""}
        references = {adult.reference for line in lines for adult in line.adults} - {""}
        self._users, self._addresses = _verified(emails, links)
        own = Guardian.objects.filter(user__in=set(self._users.values()))
        self._by_user = {each.user_id: each for each in own}
        known = Guardian.objects.filter(~Q(reference=""), reference__in=references, merged_into=None)
        self._by_reference = {each.reference: each for each in known}
        hashes = {numbers.hash_of(adult) for line in lines for adult in line.adults} - {""}
        # Said as the index is, so that PostgreSQL uses it.
        numbered = Guardian.objects.filter(~Q(national_number_hash=""), national_number_hash__in=hashes)
        self._by_number = {each.national_number_hash: each for each in numbered.filter(merged_into=None)}
        awaited = claiming.awaiting_account(*emails).order_by("-created_at")
        self._awaited = {(each.email, _name(each)): each for each in awaited}
        self._changed: set[UUID] = set()

    def tie(self, line: Line, participant: Participant) -> int:
        """How many links are new. What is there stays, and what staff blocked stays blocked."""
        links = self._links.get(participant.id, [])
        tied = {link.guardian_id for link in links}
        before = len(tied)
        for adult in line.adults:
            if any(link.is_blocked and self._is(link.guardian, adult) for link in links):
                continue
            for guardian in self._find(adult, links) or [self._make(adult)]:
                self._bring_up_to_date(guardian, adult)
                if guardian.id not in tied:
                    tied.add(guardian.id)
                    self._batch.links.append(self._brought.link(guardian, participant, adult.role))
        return len(tied) - before

    def _find(self, adult: Adult, links: Sequence[Guardianship]) -> list[Guardian]:
        """By number, else reference, else address and name; two rows where a known adult has yet to take theirs."""
        account = self._of_account(adult)
        if account and numbers.contradict(account, adult):
            account = None
        known = self._of_number(adult) or self._of_reference(adult.reference)
        if known and known.user_id and numbers.contradict(known, adult):
            known = None
        if known and known.user_id:
            return [known]
        found = [each for each in (known, account) if each]
        if found or self._free_user(adult):
            return found
        named = self._of_name(adult, links)
        return [named] if named else []

    def _of_account(self, adult: Adult) -> Guardian | None:
        user_id = self._users.get(adult.email)
        return (self._by_user.get(user_id) or self._brought.of_user(user_id)) if user_id else None

    def _free_user(self, adult: Adult) -> UUID | None:
        """The account of the address, if it is nobody's profile yet."""
        return None if self._of_account(adult) else self._users.get(adult.email)

    def _of_name(self, adult: Adult, links: Sequence[Guardianship]) -> Guardian | None:
        linked = [link.guardian for link in links if not numbers.contradict(link.guardian, adult)]
        namesakes = [each for each in linked if _name(each) == _name(adult)]
        for guardian in namesakes:
            if not adult.email or self._is_at(guardian, adult.email):
                return guardian
        # Whom the organisation itself named has another address now.
        for guardian in namesakes:
            if guardian.user_id is None and not guardian.reference:
                return guardian
        found = self._brought.of_address(adult) or self._awaited.get((adult.email, _name(adult)))
        return None if found and numbers.contradict(found, adult) else found

    def _make(self, adult: Adult) -> Guardian:
        made = self._brought.make(adult, user_id=self._free_user(adult), reference=self._free(adult.reference))
        self._batch.added_guardians.append(made)
        return made

    def _is(self, guardian: Guardian, adult: Adult) -> bool:
        """The same person, by whatever they are known: no new spelling or address gets past a block."""
        if adult.reference and adult.reference == guardian.reference:
            return True
        if adult.national_number and numbers.hash_of(adult) == guardian.national_number_hash:
            return True
        return _name(guardian) == _name(adult) or self._is_at(guardian, adult.email)

    def _is_at(self, guardian: Guardian, email: str) -> bool:
        return bool(email) and (guardian.email.lower() == email or email in self._addresses.get(guardian.user_id, ()))

    def _of_number(self, adult: Adult) -> Guardian | None:
        hashed = numbers.hash_of(adult)
        return self._by_number.get(hashed) or self._brought.of_number(hashed)

    def _of_reference(self, reference: str) -> Guardian | None:
        return self._by_reference.get(reference) or self._brought.of_reference(reference)

    def _free(self, reference: str) -> str:
        return "" if self._of_reference(reference) else reference

    def _bring_up_to_date(self, guardian: Guardian, adult: Adult) -> None:
        """Only whom the organisation named itself: an account says its own name and address."""
        if guardian.user_id or claiming.NAMED_BY_ADDRESS not in guardian.locked_fields:
            return
        if self._brought.has_made(guardian):
            return
        said = {column: getattr(adult, column) for column in ("last_name", "first_name", "email", "phone")}
        said["reference"] = self._free(adult.reference)
        news = {column: value for column, value in said.items() if value and value != getattr(guardian, column)}
        for column, value in news.items():
            setattr(guardian, column, value)
        if "reference" in news:
            self._by_reference[guardian.reference] = guardian
        is_numbered = bool(adult.national_number) and self._of_number(adult) is None
        if is_numbered:
            self._by_number.pop(guardian.national_number_hash, None)
            numbers.keep(guardian, adult)
            self._by_number[guardian.national_number_hash] = guardian
        if (news or is_numbered) and guardian.id not in self._changed:
            self._changed.add(guardian.id)
            self._batch.changed_guardians.append(guardian)


def _verified(emails: Iterable[str], links: Links) -> tuple[dict[str, UUID], dict[UUID | None, set[str]]]:
    """The account of each verified address, and the addresses of each account that is a guardian already."""
    addresses: dict[UUID | None, set[str]] = defaultdict(set)
    known = EmailAddress.objects.filter(verified=True, user__is_active=True)
    linked = {link.guardian.user_id for own in links.values() for link in own} - {None}
    for user_id, email in known.filter(user__in=linked).values_list("user_id", "email"):
        addresses[user_id].add(email.lower())
    users = known.filter(email__in=emails).values_list("email", "user_id")
    return {email.lower(): user_id for email, user_id in users}, addresses


def _name(person: Adult | Guardian) -> str:
    return fold(f"{person.last_name} {person.first_name}")
