#!/usr/bin/env python3
"""Tables and plot data out of the JSON files of bench/bench; bench/run calls it.

    report.py workloads PLAIN NATIVE   Markdown: ns per output and largest error, who by workload
    report.py excerpt PLAIN NATIVE     the same, of a few
    report.py sweep DIM PLAIN NATIVE   columns for gnuplot: rows, bytes, then ns per output of each of SWEEP
    report.py headline PLAIN NATIVE    three figures of the same, in words
    report.py cost FILE                what including.py printed into FILE, in words
    report.py tests LOG                how many tests ctest ran, and how long, by its LastTest.log
    report.py python LOG               what the example of Python printed there
    report.py paste NAME FILE PAGE     puts the file between the marks of that name

PLAIN and the like stand for all files PLAIN.*.json. A time is the fastest of all repetitions.
"""

import datetime
import glob
import json
import math
import os
import re
import sys

PLAIN, NATIVE = 0, 1
# Label, name in bench.cpp, build. Peers are shown at their best.
WHO = [("**phasor, embed_into, without -march**", "phasor", PLAIN), ("phasor, embed_into", "phasor", NATIVE),
       ("phasor, embed, without -march", "phasor embed", PLAIN), ("SLEEF sincos", "SLEEF", NATIVE),
       ("glibc's libmvec, -Ofast", "libmvec", NATIVE), ("Eigen, row by row", "Eigen by rows", NATIVE),
       ("Eigen, outer product", "naive Eigen", NATIVE),
       ("Eigen, row by row, without -march", "Eigen by rows", PLAIN),
       ("std::sin, std::cos, without -march", "std::sin loop", PLAIN),
       ("LibTorch, PyTorch's chain", "LibTorch chain", NATIVE),
       ("LibTorch, frequencies kept", "LibTorch, frequencies kept", NATIVE),
       ("LibTorch, a table of 1000 steps", "LibTorch, table lookup", NATIVE), ("std::fill", "std::fill", NATIVE),
       ("streaming fill", "streaming fill", NATIVE),
       ("phasor's operations in a bare loop", "bare loop", NATIVE)]
EXCERPT = [("phasor", PLAIN), ("SLEEF", NATIVE), ("Eigen by rows", NATIVE), ("std::sin loop", PLAIN),
           ("LibTorch chain", NATIVE), ("streaming fill", NATIVE)]
SWEEP = [("phasor", PLAIN), ("naive Eigen", NATIVE), ("std::fill", NATIVE), ("streaming fill", NATIVE)]
DIFFERENT = {"1x320": "one step", "2x1280": "two steps", "256x320": "batch", "1000x320": "whole table",
             "27280x256": "video tokens", "65536x1024": "training, 256 MB"}
REPEATED = {"16x320:16": "a sampler's batch", "2x1280:2": "guidance pair", "256x320:256": "large batch",
            "27280x256:880": "video tokens"}
SHORT = {shape: DIFFERENT[shape] for shape in ("1x320", "256x320", "65536x1024")}


class Runs:
    """Times and errors by row, of all files BUILD.*.json."""

    def __init__(self, build):
        self.time, self.error, self.context = {}, {}, {}
        for path in glob.glob(glob.escape(build) + ".*.json"):
            with open(path, encoding="utf-8") as file:
                data = json.load(file)
            self.context = data["context"]
            for run in data["benchmarks"]:
                if run["run_type"] == "iteration":
                    name = run["run_name"]
                    self.time[name] = min(self.time.get(name, math.inf), run["ns/output"])
                    self.error[name] = run.get("max_error", math.nan)

    def find(self, who, shape):
        """ns per output, nan if the row was not run."""
        return self.time.get(f"{who}/{shape}", math.nan)

    def build(self):
        return "{compiler} with {flags}; phasor {phasor} chose {target}".format(**self.context)


def machine():
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        info = dict(re.findall(r"^(.*?)\s*: (.*)$", file.read(), re.MULTILINE))
    names = [info.get(key, "?") for key in ("model name", "cpu family", "model")]
    return "{} (family {}, model {}), one core".format(*names)


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n|---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def number(x, pattern="{:.3f}"):
    return "–" if math.isnan(x) or math.isinf(x) else pattern.format(x)


def headings(shapes):
    return [name + "<br>" + re.sub("x(\\d+).*", " × \\1", shape) for shape, name in shapes.items()]


def speeds(runs, shapes, who):
    rows = []
    for label, name, build in WHO:
        run, names = runs[build], [f"{name}/{shape}" for shape in shapes]
        if (name, build) in who and names[0] in run.time:
            rows.append([label] + [number(run.time[name]) for name in names] +
                        [number(max(run.error[name] for name in names), "{:.1e}")])
    table(["who"] + headings(shapes) + ["max error"], rows)


def head(runs):
    print(f"ns per output value (not per row), and the largest error, for t in [0, 1000).\n\n"
          f"- The machine: {machine()}.\n"
          f"- Rows that say \"without -march\": {runs[PLAIN].build()}.\n"
          f"- All other rows have the flags that are best for the other libraries: {runs[NATIVE].build()}.")


def workloads(*builds):
    runs = [Runs(build) for build in builds]
    head(runs)
    for shapes in DIFFERENT, REPEATED:
        print("\nDifferent timesteps:" if shapes is DIFFERENT else
              "\nEqual timesteps: all t of a case are equal, but for the video, whose t changes after each frame of 880 "
              "tokens.")
        speeds(runs, shapes, [(who, build) for _, who, build in WHO])
    making = runs[PLAIN].find("construction", "1x320") * 320 / 1000
    print(f"\nMaking `BufferEmbedding<float>(adm(320))`, frequencies included: {number(making, '{:.1f} µs')}.")


def excerpt(*builds):
    runs = [Runs(build) for build in builds]
    head(runs)
    speeds(runs, SHORT, EXCERPT)


def sweep(dim, *builds):
    runs = [Runs(build) for build in builds]
    print("#", machine(), *[run.build() for run in runs], sep="; ")
    for rows in (2 ** n for n in range(19)):
        if f"phasor/{rows}x{dim}" in runs[PLAIN].time:
            print(rows, 4 * rows * int(dim), *[runs[build].find(who, f"{rows}x{dim}") for who, build in SWEEP])


def headline(*builds):
    plain, native = (Runs(build) for build in builds)
    value = plain.find("phasor", "1x320")
    print(f"{value:.2f} ns a value on one core, without `-march`, so {320 * value:.0f} ns for a row of 320; PyTorch's "
          f"operations\n  take {320 * native.find('LibTorch chain', '1x320') / 1000:.0f} µs")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def cost(path):
    row = re.search(r"the same, and one `embed_into` \|[^|]*\| ([\d.]+) \| (\d+) \|", read(path))
    print(f"{float(row[1]):.1f} s to compile a file with one call, {int(row[2]) / 1000:.0f} KB of code")


def tests(path):
    log = read(path)
    begin, end = [datetime.datetime.strptime(time, "%b %d %H:%M")
                  for time in re.findall(r"^(?:Start|End) testing: (\w+ \d+ [\d:]+)", log, re.MULTILINE)]
    count = re.search(r"^\d+/(\d+) Testing:", log, re.MULTILINE)[1]
    print(f"{count} tests; without the build they take {(end - begin).seconds // 60} minutes on {os.cpu_count()} cores of "
          f"{machine().split(' (')[0]}")


def python(path):
    numpy, phasor = re.search(r"numpy in float32 takes ([\d.]+) microseconds, phasor ([\d.]+)", read(path)).groups()
    print(f"{phasor} µs a row, numpy {numpy}")


def paste(name, path, page):
    new, text = read(path), read(page)
    pattern = f"(<!-- {name} -->)(\n?).*(<!-- /{name} -->)"
    pasted, count = re.subn(pattern, lambda marks: marks[1] + (marks[2] + new if marks[2] else new.rstrip()) + marks[3],
                            text, flags=re.DOTALL)
    if count != 1:
        sys.exit(f"{page} must have <!-- {name} --> and <!-- /{name} --> once")
    with open(page, "w", encoding="utf-8") as out:
        out.write(pasted)


if __name__ == "__main__":
    commands = {command.__name__: command
                for command in (workloads, sweep, excerpt, headline, cost, tests, python, paste)}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
