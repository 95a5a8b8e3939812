"""What the comparisons with other people's programs share: how one is skipped, our program to talk to, MiniLM's folder."""

import os
import subprocess
import sys

SKIPPED = 77


def skip(reason):
    print("skipped:", reason)
    sys.exit(SKIPPED)


class Program:
    """One of ours, which answers every line with one that begins with ok."""

    def __init__(self, program):
        self.process = subprocess.Popen([program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def say(self, line):
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline().strip()
        if not answer.startswith("ok"):
            raise RuntimeError(f"{line}: {answer or 'the program ended'}")
        return answer[3:]


def find_minilm(file):
    """The folder where packaging/get-encoder puts it, if `file` is in it."""
    cache = os.environ.get("STILLROOM_CACHE") or os.path.join(
        os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "stillroom")
    folder = os.environ.get("STILLROOM_MINILM") or os.path.join(cache, "encoders", "minilm")
    return folder if os.path.exists(os.path.join(folder, file)) else None
