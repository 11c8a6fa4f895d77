"""A process like one of the web server's, which answers questions from its standard input; its peak of memory."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path


def main() -> None:
    from django.test import Client

    from helpcenter.wsgi import application  # noqa: F401 -- what a web process has in memory

    client = Client(headers={"host": "localhost"})
    statuses = {client.get("/en/search/", {"q": question}).status_code for question in json.load(sys.stdin)}
    if statuses != {200}:
        sys.exit(f"the results page answered {statuses}")
    # Not from getrusage: that also counts the process which started this one.
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    print(int(found[1]) / 1024 if found else 0)


if __name__ == "__main__":
    main()
