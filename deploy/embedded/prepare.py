"""`python -m deploy.embedded.prepare`: the database brought up to date and the demonstration filled in.

One process for the three commands: starting Django is what takes long. Prints the logins as JSON.
"""

import sys

import django
from django.core.management import call_command

if __name__ == "__main__":
    django.setup()
    call_command("migrate_registry", stdout=sys.stderr)
    # Those of an earlier start, which the code may have outgrown since.
    call_command("organisations", "migrate", stdout=sys.stderr)
    call_command("demonstration", "--json")
