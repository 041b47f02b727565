"""What a restore found and did: for programs, and for who reads it on a terminal."""

from typing import Any

from tenants.models import Restore


def facts(restore: Restore) -> dict[str, Any]:
    return {
        "id": str(restore.pk),
        "slug": restore.organisation.slug,
        "moment": restore.moment,
        "state": restore.state,
        "step": restore.step,
        "asked_by": restore.asked_by,
        "asked_at": restore.asked_at,
        "finished_at": restore.finished_at,
        "error": restore.error,
        **restore.report,
    }


def lines(restore: Restore) -> list[str]:
    """One a fact, indented below the step that found it."""
    told = [f"{restore.organisation.slug} at {restore.moment.isoformat()}: {restore.state}"]
    if restore.error:
        told.append(f"  {restore.error}")
    if "wrecked" in restore.report:
        told.append(f"  what was there is kept as {restore.report['wrecked']}")
    for step, found in restore.report.get("done", {}).items():
        told.append(f"  {step}")
        told += [f"    {name}: {_value(value)}" for name, value in found.items()]
    return told


def _value(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(each) for each in value) or "none"
    return str(value)
