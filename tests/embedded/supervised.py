"""One harmless part under the supervisor: `python -m tests.embedded.supervised FOLDER`.

It has a child of its own, notes each of its starts, and fails at once while there is a file `broken`.
"""

import os
import sys
from pathlib import Path

from deploy.embedded.process import Part
from deploy.embedded.supervisor import Stopped, Supervisor

_SCRIPT = "echo start >> starts; test -e broken && exit 3; sleep 1000 & echo $! > child; echo $$ > leader; wait"


def main(folder: Path) -> None:
    part = Part(
        name="steady",
        argv=("sh", "-c", _SCRIPT),
        env=dict(os.environ),
        cwd=folder,
        log=folder / "steady.log",
        ready=(folder / "leader").exists,
    )
    with Supervisor.taking_signals(lambda sentence: print(sentence, flush=True)) as supervisor:
        try:
            supervisor.start(part)
            print("ready", flush=True)
            supervisor.watch()
        except Stopped:
            print("stopping", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
