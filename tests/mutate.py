#!/usr/bin/env python3
"""Breaks one place of include/ at a time, and tells which breaks no test notices.

    mutate.py [--count 100] [--minutes 20] [--seed 1] [--first 0] [file ...]

Files are named from include/phasor on; without any, all are mutated. A mutant, a line with one operator, constant, word
or branch changed, goes from one test to the next until one fails: with -march=native, AVX2, SSE2, without vectors, and
with -ffast-math. Not noticed by a test, but told apart from survivors, are changes of "work", the number of instructions
that float_bits executes under valgrind, and of "time", of minutes for seconds. Not counted are mutants that do not
compile, and those in code that none of these builds compiles. Prints every survivor, and how many tests killed; exits
with 1 if that is below 95 %.

The compiler is $CXX, or g++; clang++ takes two thirds of its time.
"""
import argparse
import collections
import concurrent.futures
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

TESTS = ["contracts", "conventions", "laws", "exact_formula", "layouts", "fuzz"]
# Streaming from 4096 bytes on, where contracts checks who can see what was streamed; layouts sets a limit of its own.
NATIVE, AVX2, SSE2 = [("-O0", *target, "-DPHASOR_STREAM_BYTES=4096")
                      for target in (["-march=native"], ["-march=x86-64-v3"], [])]
SCALAR = ("-O0", "-march=native", "-DEIGEN_DONT_VECTORIZE")
RUNS = [(target, "known_values") for target in (NATIVE, AVX2, SSE2, SCALAR)]
RUNS += [(target, test) for test in TESTS for target in (NATIVE, SSE2)]
RUNS += [(("-O2", "-ffast-math"), test) for test in ["known_values", "contracts", "exact_formula"]]
HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parent / "include"
CXX = os.environ.get("CXX", "g++")
EIGEN = subprocess.check_output(["pkg-config", "--cflags", "eigen3"], text=True).split()

SWAPS = [(" + ", " - "), (" * ", " + "), (" < ", " <= "), (" > ", " >= "), (" == ", " != "), (" && ", " || "),
         (" << ", " >> "), (" & ", " | "), ("sin", "cos"), (".a", ".b"), ("true", "false"), ("min(", "max("),
         ("rows()", "cols()"), ("row_stride", "column_stride"), ("block.size", "group.count")]
REPLACEMENTS = SWAPS + [(right, left) for left, right in SWAPS] + [
    (" ^ ", " & "), ("? ", "? !"), ("-t", "t"), ("!", ""), ("opaque(", "("), ("negative", "!negative"),
    ("Form::apart", "Form::single"), ("Reach::direct", "Reach::exact"), ("by_columns ?", "!by_columns ?")]


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
    return [CXX, "-std=c++17", "-w", *flags, f"-I{include}", f"-I{HERE}", *EIGEN]


def preprocessed(include, flags):
    text = subprocess.check_output([*compiler(include, flags), "-E", "-P", include / "phasor/phasor.hpp"])
    return text[text.index(b"namespace phasor"):]


def passes(test, include, flags, directory):
    """Whether the test passes; None if it does not compile. Raises subprocess.TimeoutExpired."""
    binary = directory / test
    arguments, libraries = [], ["-lmpfr", "-lgmp"] if test == "exact_formula" else []
    if test == "fuzz":
        arguments = ["-runs=0", HERE / "fuzz_corpus"]
    else:
        libraries += [directory.parent / "main.o"]
    if test == "layouts":
        flags = [flag for flag in flags if "STREAM" not in flag]
    if subprocess.run([*compiler(include, flags), HERE / f"{test}.cpp", "-o", binary, "-pthread", *libraries],
                      capture_output=True, timeout=600).returncode:
        return None
    return subprocess.run([binary, *arguments], capture_output=True, timeout=300).returncode == 0


def work(include, directory):
    """How many instructions float_bits executes, AVX2 and FMA; None if it does not compile."""
    binary = directory / "float_bits"
    if subprocess.run([*compiler(include, ["-O2", "-march=x86-64-v3"]), HERE / "float_bits.cpp", "-o", binary],
                      capture_output=True).returncode:
        return None
    report = subprocess.run(["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", binary],
                            capture_output=True, text=True, check=True).stderr
    return int(re.search(r"Collected : (\d+)", report)[1])


def killer_of(source, number, mutant, directory, unbroken, usual_work):
    """What notices the mutant: a test, "time", "work", "compiler", "nothing", or "unseen" where no build compiles it."""
    include = directory / "include"
    shutil.copytree(INCLUDE, include)
    lines = source.read_text().splitlines()
    lines[number] = mutant
    copy = include / source.relative_to(INCLUDE)
    copy.write_text("\n".join(lines) + "\n")
    seen = [flags for flags, text in unbroken.items() if preprocessed(include, flags) != text]
    if not seen:
        return "unseen"
    if source.name == "kernel.hpp" and subprocess.run([HERE / "coefficients.py", "--check", copy],
                                                      capture_output=True).returncode == 1:
        return "coefficients"
    try:
        for flags, test in RUNS:
            if flags in seen:
                result = passes(test, include, flags, directory)
                if result is None:
                    return "compiler"
                if not result:
                    return test
    except subprocess.TimeoutExpired:
        return "time"
    done = work(include, directory)
    return "compiler" if done is None else "work" if abs(done / usual_work - 1) > 1e-3 else "nothing"


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
    counts = collections.Counter()

    def judge(source, number, mutant):
        if time.monotonic() > end:
            return
        with tempfile.TemporaryDirectory(dir=top) as directory:
            killer = killer_of(source, number, mutant, pathlib.Path(directory), unbroken, usual_work)
        counts[killer] += 1
        if killer == "nothing":
            before = source.read_text().splitlines()[number]
            print(f"survives: {source.relative_to(INCLUDE)}:{number + 1}\n  - {before}\n  + {mutant}", flush=True)

    with tempfile.TemporaryDirectory() as top, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as workers:
        subprocess.check_call([CXX, "-std=c++17", "-O0", "-c", HERE / "main.cpp", "-o", f"{top}/main.o"])
        unbroken = {flags: preprocessed(INCLUDE, flags) for flags, _ in RUNS}
        usual_work = work(INCLUDE, pathlib.Path(top))
        tried = mutants[arguments.first:arguments.first + arguments.count]
        for result in [workers.submit(judge, *mutant) for mutant in tried]:
            result.result()
    counted = sum(counts.values()) - counts["compiler"] - counts["unseen"]
    killed = counted - counts["nothing"] - counts["work"] - counts["time"]
    print(f"{len(mutants)} mutants, {sum(counts.values())} tried, noticed by: {dict(counts)}")
    print(f"tests killed {killed} of {counted}")
    sys.exit(killed < 0.95 * counted or counted == 0)


main()
