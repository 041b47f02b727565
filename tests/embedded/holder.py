"""Holds a database until told to stop: `python -m tests.embedded.holder FOLDER` prints the server's number."""

import signal
import sys
from pathlib import Path

from deploy.embedded import postgres
from deploy.embedded.failure import Failure
from deploy.embedded.process import running


def main(folder: Path) -> int:
    signals = {signal.SIGTERM}
    try:
        with running(postgres.prepare(folder).part) as child:
            signal.pthread_sigmask(signal.SIG_BLOCK, signals)
            print(child.pid, flush=True)
            signal.sigwait(signals)
    except Failure as failure:
        print(failure)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
