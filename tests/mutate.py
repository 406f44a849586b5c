#!/usr/bin/env python3
"""Breaks one place of include/ at a time, and tells which breaks no test notices.

    mutate.py [--count 100] [--minutes 20] [--seed 1] [--first 0] [--quick] [--tests fuzz,proof] [--jobs 1] [file ...]

Files are named from include/phasor on (detail/loops.hpp); without any, all are mutated. A mutant, a line with one operator,
constant, word or branch changed or a call left out, goes from one test to the next until one fails: first the quick ones,
after which --quick stops; then in standard C++ with FMA and without, with -ffast-math, and with AddressSanitizer; always on
every target that the machine has. Not noticed by a test, but told apart from survivors, are changes of "work", the number of
instructions that float_bits executes under valgrind, and of "time", of minutes for seconds. Not counted are mutants that do
not compile, and those in code that none of these builds compiles. Prints every survivor, and how many tests killed; exits
with 1 if that is below 95 %, or if a test fails as it is.

The compiler is $CXX, or g++; clang++ takes two thirds of its time.
"""
import argparse
import collections
import concurrent.futures
import functools
import math
import os
import pathlib
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time

TARGETS = ("-O0",)
STANDARD = ("-O0", "-DPHASOR_STANDARD_CXX")
FUSED = ("-O0", "-DPHASOR_STANDARD_CXX", "-march=native")
FAST = ("-O2", "-ffast-math")
SANITIZED = ("-O0", "-fsanitize=address")
QUICK = [(TARGETS, test) for test in ("known_values", "fuzz", "sizes", "laws", "contracts")]
RUNS = QUICK + [(flags, "known_values") for flags in (STANDARD, FUSED)]
RUNS += [(TARGETS, test) for test in ("conventions", "exact_formula")]
RUNS += [(SANITIZED, "fuzz"), (SANITIZED, "sizes"), (STANDARD, "fuzz"), (FAST, "known_values"), (FAST, "exact_formula")]
RUNS += [(flags, "proof") for flags in (TARGETS, FUSED)]
HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"
CXX = os.environ.get("CXX", "g++")
TEMPORARY = tempfile.TemporaryDirectory()
TOP = pathlib.Path(TEMPORARY.name)
EIGEN = subprocess.check_output(["pkg-config", "--cflags", "eigen3"], text=True).split()

SWAPS = [(" + ", " - "), (" * ", " + "), (" < ", " <= "), (" > ", " >= "), (" == ", " != "), (" && ", " || "),
         (" << ", " >> "), (" & ", " | "), (" += ", " -= "), ("sin", "cos"), (".a", ".b"), ("true", "false"),
         ("rows()", "cols()"), ("row_stride", "column_stride"), ("high", "low")]
REPLACEMENTS = SWAPS + [(right, left) for left, right in SWAPS] + [
    (" ^ ", " & "), (" |= ", " = "), (" &= ", " = "), ("? ", "? !"), ("-t", "t"), ("!", ""), ("opaque(", "("),
    ("if (", "if (!")]


def enumerators():
    """{"Format::half": "Format::bfloat16"}: of each enum of the headers, the one that follows, the first behind the last."""
    following = {}
    for source in INCLUDE.rglob("*.hpp"):
        for name, body in re.findall(r"enum class (\w+)[^{;]*{([^}]+)}", re.sub("//.*", "", source.read_text())):
            members = [f"{name}::{member.split('=')[0].strip()}" for member in body.split(",")]
            following.update(zip(members, members[1:] + members[:1]))
    return following


FOLLOWING = enumerators()


def mutations(line):
    """Each way of breaking this line of code."""
    code = line.split("//")[0]
    is_declaration = code.startswith("inline ") and code.rstrip().endswith(";") and "=" not in code
    if is_declaration or code.lstrip().startswith(("#", "static_assert", "using", "namespace", "template")):
        return
    for old, new in REPLACEMENTS:
        for found in re.finditer(re.escape(old), code):
            yield code[:found.start()] + new + line[found.end():]
    for found in re.finditer(r"\b[A-Z]\w*::\w+\b", code):
        if found[0] in FOLLOWING:
            yield code[:found.start()] + FOLLOWING[found[0]] + line[found.end():]
    for found in re.finditer(r"(?<![\w.])(\d+)(?![\w.])", code):  # integers
        for other in (int(found[1]) + 1, int(found[1]) - 1):
            yield code[:found.start()] + str(other) + line[found.end():]
    for found in re.finditer(r"(?<![\w.])(0x[\d.a-f]+p)(-?\d+)", code):  # hexadecimal floats: twice the value
        yield code[:found.start()] + found[1] + str(int(found[2]) + 1) + line[found.end():]
    if re.match(r" +(if \(.*\) )?[\w:>.-]+\(.*\);$", code.rstrip()):
        yield ""


def compiler(include, flags):
    return [CXX, "-std=c++17", "-w", *flags, f"-I{include}", f"-I{HERE}", *EIGEN]


def preprocessed(include, flags):
    text = subprocess.check_output([*compiler(include, flags), "-E", "-P", include / "phasor/phasor.hpp"])
    return text[text.index(b"namespace phasor"):]


def passes(test, include, flags, directory):
    """Whether the test passes; None if it does not compile. Raises subprocess.TimeoutExpired."""
    binary = directory / test
    command, libraries = [binary], ["-lmpfr", "-lgmp"] if test == "exact_formula" else []
    if test == "fuzz":
        command += ["-runs=0", HERE / "fuzz_corpus"]
    elif test == "proof":
        command = [HERE / "proof.py", include, binary]
    else:
        libraries += [TOP / "main.o"]
    if subprocess.run([*compiler(include, flags), HERE / f"{test}.cpp", "-o", binary, "-pthread", *libraries],
                      capture_output=True, timeout=600).returncode:
        return None
    return subprocess.run(command, capture_output=True, timeout=300).returncode == 0


def work(include, directory):
    """How many instructions float_bits executes, on all targets that valgrind has; None if it does not compile."""
    binary = directory / "float_bits"
    if subprocess.run([*compiler(include, ["-O2"]), HERE / "float_bits.cpp", "-o", binary],
                      capture_output=True).returncode:
        return None
    report = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary],
                            capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", report)[1])


@functools.lru_cache(None)
def unbroken(flags):
    return preprocessed(INCLUDE, flags)


@functools.lru_cache(None)
def require_unbroken_passes(flags, test):
    with tempfile.TemporaryDirectory(dir=TOP) as directory:
        if not passes(test, INCLUDE, flags, pathlib.Path(directory)):
            sys.exit(f"mutate.py: {test} {' '.join(flags)} fails as it is")


@functools.lru_cache(None)
def usual_work():
    return work(INCLUDE, TOP)


def killer_of(source, number, mutant, directory, runs):
    """What notices the mutant: a test, "time", "work", "compiler", "nothing", or "unseen" where no build compiles it."""
    include = directory / "include"
    shutil.copytree(INCLUDE, include)
    lines = source.read_text().splitlines()
    lines[number] = mutant
    copy = include / source.relative_to(INCLUDE)
    copy.write_text("\n".join(lines) + "\n")
    if source.name == "arithmetic.hpp" and subprocess.run([HERE / "coefficients.py", "--check", copy],
                                                          capture_output=True).returncode == 1:
        return "coefficients"
    seen = functools.lru_cache(None)(lambda flags: preprocessed(include, flags) != unbroken(flags))
    if not any(seen(flags) for flags, _ in runs):
        return "unseen"
    try:
        for flags, test in runs:
            if seen(flags):
                require_unbroken_passes(flags, test)
                result = passes(test, include, flags, directory)
                if result is None:
                    return "compiler"
                if not result:
                    return test
    except subprocess.TimeoutExpired:
        return "time"
    if set(runs) <= set(QUICK):
        return "nothing"
    done = work(include, directory)
    return "compiler" if done is None else "work" if abs(done / usual_work() - 1) > 1e-3 else "nothing"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--count", type=int, default=100, help="how many mutants")
    parser.add_argument("--minutes", type=float, default=math.inf, help="after which no more are begun")
    parser.add_argument("--seed", type=int, default=1, help="of their order")
    parser.add_argument("--first", type=int, default=0, help="how many to leave out before")
    parser.add_argument("--quick", action="store_true", help="only the quick tests: what survives them may still be killed")
    parser.add_argument("--tests", help="those to run, of all, with commas between")
    parser.add_argument("--jobs", type=int, default=1, help="how many mutants at once")
    parser.add_argument("files", nargs="*")
    arguments = parser.parse_args()
    runs = [run for run in (QUICK if arguments.quick else RUNS)
            if not arguments.tests or run[1] in arguments.tests.split(",")]
    end = time.monotonic() + 60 * arguments.minutes

    sources = [INCLUDE / "phasor" / name for name in arguments.files] or sorted(INCLUDE.rglob("*.hpp"))
    mutants = [(source, number, mutant) for source in sources
               for number, line in enumerate(source.read_text().splitlines()) for mutant in mutations(line)]
    random.Random(arguments.seed).shuffle(mutants)
    counts = collections.Counter()

    def judge(source, number, mutant):
        if time.monotonic() > end:
            return
        with tempfile.TemporaryDirectory(dir=TOP) as directory:
            killer = killer_of(source, number, mutant, pathlib.Path(directory), runs)
        counts[killer] += 1
        if killer == "nothing":
            before = source.read_text().splitlines()[number]
            print(f"survives: {source.relative_to(INCLUDE)}:{number + 1}\n  - {before}\n  + {mutant}", flush=True)

    subprocess.check_call([*compiler(INCLUDE, ["-O0"]), "-c", HERE / "main.cpp", "-o", TOP / "main.o"])
    with concurrent.futures.ThreadPoolExecutor(arguments.jobs) as workers:
        tried = mutants[arguments.first:arguments.first + arguments.count]
        for result in [workers.submit(judge, *mutant) for mutant in tried]:
            result.result()
    counted = sum(counts.values()) - counts["compiler"] - counts["unseen"]
    killed = counted - counts["nothing"] - counts["work"] - counts["time"]
    print(f"{len(mutants)} mutants, {sum(counts.values())} tried, noticed by: {dict(counts)}")
    print(f"tests killed {killed} of {counted}")
    sys.exit(killed < 0.95 * counted or counted == 0)


main()
