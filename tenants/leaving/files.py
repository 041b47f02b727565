"""All files of the organisation that the program is in, in whatever storage it keeps them."""

from collections.abc import Iterator

from django.apps import apps
from django.core.files.storage import default_storage

from shared_apps.vault.places import PLACES
from shared_apps.vault.places import Files as SealedFiles

# Below it, exports themselves.
EXPORTS = "exports"


def every(folder: str = "") -> Iterator[str]:
    """Their paths."""
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in sorted(names):
        yield f"{folder}/{name}" if folder else name
    for name in sorted(folders):
        yield from every(f"{folder}/{name}" if folder else name)


def open_ones() -> Iterator[str]:
    """Those that are kept as they were sent: neither exports, nor what is sealed, which the rooms open themselves."""
    sealed = set(_sealed())
    return (path for path in every() if path not in sealed and not path.startswith(f"{EXPORTS}/"))


def _sealed() -> Iterator[str]:
    for _name, place in PLACES:
        if isinstance(place, SealedFiles):
            app, model, _ = place.name.split(".")
            rows = apps.get_model(app, model)._base_manager.exclude(**{place.path: ""})
            yield from rows.values_list(place.path, flat=True)


def delete_all(folder: str = "") -> int:
    """The folders too, where the storage has any. Returns how many files there were; safe to repeat."""
    done = 0
    try:
        folders, names = default_storage.listdir(folder)
    except FileNotFoundError:
        return 0
    for name in names:
        default_storage.delete(f"{folder}/{name}" if folder else name)
        done += 1
    for name in folders:
        done += delete_all(f"{folder}/{name}" if folder else name)
    default_storage.delete(folder or ".")
    return done
