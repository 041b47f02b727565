"""`python -m deploy.embedded.install`: the virtual environment and the translations, made or brought up to date.

Runs on a bare Python: nothing here may need an installed package.
"""

import subprocess
import sys

from deploy.embedded.failure import Failure
from deploy.embedded.install import environment, redis_binary, translations


def main() -> int:
    try:
        with environment.alone():
            environment.ensure()
            redis_binary.ensure()
        translations.ensure()
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except subprocess.CalledProcessError as error:
        print(f"\nThis command failed (status {error.returncode}): {error.cmd}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
