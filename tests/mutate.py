#!/usr/bin/env python3
"""Breaks one place of include/ at a time, and tells which breaks no test notices.

    mutate.py [--flags="-O1 -march=native"] [--count 100] [--seed 1] [file ...]

Files are named from include/phasor on; without any, all are mutated. Each mutant is compiled into the tests below, in
this order, until one fails. Code that the flags leave out (other instruction sets) cannot be killed: choose flags that
compile what is mutated. Exits with 1 if a mutant survived.
"""
import argparse
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile

TESTS = ["known_values", "conventions", "laws", "exact_formula", "contracts", "layouts"]
HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"

SWAPS = [(" + ", " - "), (" * ", " + "), (" < ", " <= "), (" > ", " >= "), (" == ", " != "), (" && ", " || "),
         (" << ", " >> "), (" & ", " | "), (" ? ", " ? !"), ("true", "false"), ("sin", "cos"), (".a", ".b"),
         ("min", "max"), ("padd", "psub"), ("mul_add", "mul_sub"), ("rows", "cols"), ("row", "column"), ("pand(", "por(")]


def mutations(line):
    """Each way of breaking this line of code."""
    code = line.split("//")[0]
    if not code.strip() or code.lstrip().startswith(("#", "static_assert", "using", "namespace", "template", "inline ")):
        if "inline constexpr" not in code and "return" not in code:
            return
    for left, right in SWAPS:
        for old, new in ((left, right), (right, left)):
            for found in re.finditer(re.escape(old), code):
                yield code[:found.start()] + new + line[found.end():]
    for found in re.finditer(r"(?<![\w.])(\d+)(?![\w.])", code):  # integers
        yield code[:found.start()] + str(int(found[1]) + 1) + line[found.end():]
    for found in re.finditer(r"(?<![\w.])(0x[\d.a-f]+p)(-?\d+)", code):  # hexadecimal floats: twice the value
        yield code[:found.start()] + found[1] + str(int(found[2]) + 1) + line[found.end():]


def killed_by(test, include, flags, directory):
    """None if the test passes, else how it failed."""
    binary = directory / test
    eigen = subprocess.check_output(["pkg-config", "--cflags", "eigen3"], text=True).split()
    libraries = ["-lmpfr", "-lgmp"] if test == "exact_formula" else []
    compiled = subprocess.run(["g++", "-std=c++17", "-w", *flags, f"-I{include}", *eigen, HERE / f"{test}.cpp",
                               directory / "main.o", "-o", binary, "-pthread", *libraries], capture_output=True)
    if compiled.returncode:
        return "compiler"
    try:
        passed = subprocess.run([binary], capture_output=True, timeout=120).returncode == 0
    except subprocess.TimeoutExpired:
        passed = False
    return None if passed else test


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--flags", default="-O1 -march=native")
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()

    sources = [INCLUDE / "phasor" / name for name in arguments.files] or sorted(INCLUDE.rglob("*.hpp"))
    mutants = [(source, number, mutant) for source in sources
               for number, line in enumerate(source.read_text().splitlines()) for mutant in mutations(line)]
    random.Random(arguments.seed).shuffle(mutants)
    counts = {}
    with tempfile.TemporaryDirectory() as directory:
        directory = pathlib.Path(directory)
        shutil.copytree(INCLUDE, directory / "include")
        subprocess.check_call(["g++", "-std=c++17", "-O0", "-c", HERE / "main.cpp", "-o", directory / "main.o"])
        for source, number, mutant in mutants[:arguments.count]:
            copy = directory / "include" / source.relative_to(INCLUDE)
            lines = source.read_text().splitlines()
            before, lines[number] = lines[number], mutant
            copy.write_text("\n".join(lines) + "\n")
            killer = next(filter(None, (killed_by(test, directory / "include", arguments.flags.split(), directory)
                                        for test in TESTS)), "nothing")
            shutil.copy(source, copy)
            counts[killer] = counts.get(killer, 0) + 1
            if killer == "nothing":
                print(f"survives: {source.relative_to(INCLUDE)}:{number + 1}\n  - {before}\n  + {mutant}", flush=True)
    print(f"{len(mutants)} mutants, {min(arguments.count, len(mutants))} tried, killed by:", counts)
    sys.exit("nothing" in counts)


main()
