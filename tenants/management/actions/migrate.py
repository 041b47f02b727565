"""`organisations migrate`: bring those that are behind up to date, say where they stand, or what would be done."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import CommandError

from tenants.management.actions.showing import Write, as_json
from tenants.models import MigrationState
from tenants.schemas import migrate, parallel, plan, status

HELP = "Migrate the organisations that are behind."


def arguments(parser: ArgumentParser) -> None:
    choice = parser.add_mutually_exclusive_group()
    choice.add_argument("--status", action="store_true", help="Only say where each organisation stands.")
    choice.add_argument("--dry-run", action="store_true", help="Only say what would be done, with the statements.")
    choice.add_argument("--worker", action="store_true", help="Take part in a round that another process began.")
    parser.add_argument("--parallel", type=int, default=2, metavar="N", help="Processes at work (2).")
    parser.add_argument("--json", action="store_true")


def run(options: dict[str, Any], write: Write) -> None:
    """Raises CommandError with the list of those that could not be migrated: it ends with a status that is not 0."""
    if options["status"]:
        migrate.note()
        _show([_standing(each) for each in status.of_all()], _in_a_line, options, write)
    elif options["dry_run"]:
        _show([_step(each) for each in plan.steps()], _in_lines, options, write)
    elif options["worker"]:
        migrate.work()
    else:
        _migrate(options, write)


def _migrate(options: dict[str, Any], write: Write) -> None:
    waiting, left = parallel.run(workers=options["parallel"])
    done = [each.schema_name for each in waiting if each.schema_name not in left]
    if options["json"]:
        write(as_json({"done": done, "left": left}))
    else:
        write(f"{len(done)} organisations brought up to date")
    if left:
        raise CommandError("\n".join(f"{schema}: {reason}" for schema, reason in left.items()))


def _standing(each: status.Standing) -> dict[str, Any]:
    row = each.row
    return {
        "slug": each.organisation.slug,
        "schema": each.organisation.schema_name,
        "state": each.state.value,
        "head": row.head if row else "",
        "attempts": row.attempts if row else 0,
        "started_at": row.started_at if row else None,
        "finished_at": row.finished_at if row else None,
        "error": row.error if row and each.state == MigrationState.FAILED else "",
    }


def _step(each: plan.Step) -> dict[str, Any]:
    return {
        "migration": each.name,
        "organisations": each.organisations,
        "breaks": each.breaks,
        "statements": each.statements,
    }


def _show(rows: list[dict[str, Any]], line: Any, options: dict[str, Any], write: Write) -> None:
    write(as_json(rows) if options["json"] else "\n".join(map(line, rows)) or "Everybody is up to date.")


def _in_a_line(row: dict[str, Any]) -> str:
    return f"{row['slug']:<24} {row['state']:<8} {row['head']:<40} {row['error']}"


def _in_lines(row: dict[str, Any]) -> str:
    warning = "".join(f"\n  ! breaks the code of before: {each}" for each in row["breaks"])
    statements = "".join(f"\n    {each}" for each in row["statements"])
    return f"{row['migration']} for {row['organisations']} organisations{warning}{statements}"
