#!/usr/bin/env python3
"""Breaks one place of include/ at a time, and tells which breaks no test notices.

    mutate.py [--count 100] [--minutes 20] [--seed 1] [--first 0] [file ...]

Files are named from include/phasor on; without any, all are mutated. A mutant, a line with one operator, constant, word
or branch changed, is compiled into one test after another, with FMA (-march=native) and without, until one fails. Not
counted are mutants that do not compile, and those in code that neither build compiles. Prints every survivor, and the
share killed; exits with 1 if that is below 95 %.
"""
import argparse
import math
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

TESTS = ["known_values", "contracts", "conventions", "laws", "exact_formula", "layouts", "fuzz"]
BUILDS = [["-O1", "-march=native", "-DPHASOR_STREAM_BYTES=4096"], ["-O1"]]
HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"
EIGEN = subprocess.check_output(["pkg-config", "--cflags", "eigen3"], text=True).split()

SWAPS = [(" + ", " - "), (" * ", " + "), (" < ", " <= "), (" > ", " >= "), (" == ", " != "), (" && ", " || "),
         (" << ", " >> "), (" & ", " | "), ("sin", "cos"), (".a", ".b"), ("true", "false"), ("min(", "max("),
         ("rows()", "cols()"), ("row_stride", "column_stride"), ("block.size", "group.count")]
REPLACEMENTS = SWAPS + [(right, left) for left, right in SWAPS] + [
    (" ^ ", " & "), ("? ", "? !"), ("-t", "t"), ("!", ""), ("opaque(", "("), ("negative", "!negative"),
    ("Form::apart", "Form::sines"), ("Reach::direct", "Reach::exact"), ("by_columns ?", "!by_columns ?")]


def mutations(line):
    """Each way of breaking this line of code."""
    code = line.split("//")[0]
    is_declaration = code.startswith("inline ") and code.rstrip().endswith(";") and "=" not in code
    if is_declaration or code.lstrip().startswith(("#", "static_assert", "using", "namespace", "template")):
        return
    for old, new in REPLACEMENTS:
        for found in re.finditer(re.escape(old), code):
            yield code[:found.start()] + new + line[found.end():]
    for found in re.finditer(r"(?<![\w.])(\d+)(?![\w.])", code):  # integers
        yield code[:found.start()] + str(int(found[1]) + 1) + line[found.end():]
    for found in re.finditer(r"(?<![\w.])(0x[\d.a-f]+p)(-?\d+)", code):  # hexadecimal floats: twice the value
        yield code[:found.start()] + found[1] + str(int(found[2]) + 1) + line[found.end():]


def compiler(include, flags):
    return ["g++", "-std=c++17", "-w", *flags, f"-I{include}", f"-I{HERE}", *EIGEN]


def passes(test, include, flags, directory):
    """Whether the test passes; None if it does not compile."""
    binary = directory / test
    arguments, libraries = [], ["-lmpfr", "-lgmp"] if test == "exact_formula" else []
    if test == "fuzz":
        arguments = ["-runs=0", HERE / "fuzz_corpus"]
    else:
        libraries += [directory / "main.o"]
    try:
        if subprocess.run([*compiler(include, flags), HERE / f"{test}.cpp", "-o", binary, "-pthread", *libraries],
                          capture_output=True, timeout=300).returncode:
            return None
        return subprocess.run([binary, *arguments], capture_output=True, timeout=120).returncode == 0
    except subprocess.TimeoutExpired:
        return False


def killer_of(include, directory, unbroken):
    """What notices the mutant: a test, "compiler", "nothing", or "unseen" where neither build compiles it."""
    killer = "unseen"
    for flags, text in zip(BUILDS, unbroken):
        if preprocessed(include, flags) == text:
            continue
        killer = "nothing"
        for test in TESTS:
            result = passes(test, include, flags, directory)
            if result is None:
                return "compiler"
            if not result:
                return test
    return killer


def preprocessed(include, flags):
    text = subprocess.check_output([*compiler(include, flags), "-E", "-P", include / "phasor/phasor.hpp"])
    return text[text.index(b"namespace phasor"):]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100, help="how many mutants")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no more are begun")
    parser.add_argument("--seed", type=int, default=1, help="of their order")
    parser.add_argument("--first", type=int, default=0, help="how many to leave out before")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    end = time.monotonic() + 60 * arguments.minutes

    sources = [INCLUDE / "phasor" / name for name in arguments.files] or sorted(INCLUDE.rglob("*.hpp"))
    mutants = [(source, number, mutant) for source in sources
               for number, line in enumerate(source.read_text().splitlines()) for mutant in mutations(line)]
    random.Random(arguments.seed).shuffle(mutants)
    tried = mutants[arguments.first:arguments.first + arguments.count]
    counts = {}
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        include = directory / "include"
        shutil.copytree(INCLUDE, include)
        subprocess.check_call(["g++", "-std=c++17", "-O0", "-c", HERE / "main.cpp", "-o", directory / "main.o"])
        unbroken = [preprocessed(include, flags) for flags in BUILDS]
        for source, number, mutant in tried:
            if time.monotonic() > end:
                break
            lines = source.read_text().splitlines()
            before, lines[number] = lines[number], mutant
            copy = include / source.relative_to(INCLUDE)
            copy.write_text("\n".join(lines) + "\n")
            killer = killer_of(include, directory, unbroken)
            shutil.copy(source, copy)
            counts[killer] = counts.get(killer, 0) + 1
            if killer == "nothing":
                print(f"survives: {source.relative_to(INCLUDE)}:{number + 1}\n  - {before}\n  + {mutant}", flush=True)
    survivors = counts.get("nothing", 0)
    counted = sum(counts.values()) - counts.get("compiler", 0) - counts.get("unseen", 0)
    print(f"{len(mutants)} mutants, {sum(counts.values())} tried, killed by: {counts}")
    print(f"{100 * (1 - survivors / max(counted, 1)):.1f} % of {counted} killed")
    sys.exit(survivors > 0.05 * counted)


main()
