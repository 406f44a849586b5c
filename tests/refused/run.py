#!/usr/bin/env python3
"""What must not compile: run.py <file> [<line> <sentence>] -- <compiler> <arguments>

Passes if the compiler refuses each line of the file that ends in "//! <sentence>", or the given one, and no other line. A refusal is an error that
has the sentence, names the file and the line, and takes at most 20 lines. Behind " ... " of a sentence stands what else one of its lines matches.
"""
import collections
import os
import pathlib
import re
import subprocess
import sys

MOST_LINES = 20


def messages(text):
    """The compiler's text, cut before each error and what introduces it."""
    lines = []
    for line in text.splitlines():
        begins = re.match(r"In file included from|\S+: (In|At) |.*: (fatal )?error: ", line)
        if begins and any("error: " in known for known in lines):
            yield lines
            lines = []
        lines.append(line)
    yield lines


end = sys.argv.index("--")
path, *given = sys.argv[1:end]
command = [*sys.argv[end + 1:], path]
if "clang" in os.path.basename(command[0]):
    command.append("-ferror-limit=0")
wanted = {int(given[0]): given[1]} if given else {
    number: marked[1] for number, line in enumerate(pathlib.Path(path).read_text().splitlines(), 1)
    if (marked := re.search(r"//! (.*)", line))}
run = subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})

problems, got = [], collections.defaultdict(list)
for lines in messages(re.sub("//! .*", "", run.stdout + run.stderr)):  # which quotes the file
    text = "\n".join(lines)
    if "error: " not in text:
        continue
    named = {int(number) for number in re.findall(rf"{re.escape(path)}:(\d+)", text)} & wanted.keys()
    if len(named) != 1:
        problems.append(f"an error that names no line of the file that must be refused:\n{text}")
    for number in named:
        got[number] += lines
for number, sentences in wanted.items():
    sentence, *more = sentences.split(" ... ")
    text = "\n".join(got[number])
    place = f"{path}:{number}: {sentence}"
    if not text:
        problems.append(f"{place}: not refused with this line named")
    elif sentence not in text or not all(re.search(pattern, text) for pattern in more):
        problems.append(f"{place}: refused with other words than these, {', '.join(more)}\n{text}")
    elif len(got[number]) > MOST_LINES:
        problems.append(f"{place}: {len(got[number])} lines, at most {MOST_LINES} are wanted:\n{text}")
print("\n\n".join(problems))
print(f"{len(problems)} problems, {len(wanted)} lines to be refused")
sys.exit(bool(problems) or not wanted)
