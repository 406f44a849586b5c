#!/usr/bin/env python3
"""Tables and plot data out of the JSON files of bench/bench; bench/run calls it.

    report.py workloads FILE     Markdown: ns per output and largest error, who by workload
    report.py sweep DIM FILE     columns for gnuplot: rows, bytes, then ns per output of each of SWEEP
    report.py ratios BUILD...    Markdown: what the kernel promises, from the files BUILD.*.json

A time is the fastest of all repetitions.
"""

import glob
import json
import math
import os
import re
import sys

SWEEP = ["phasor", "naive Eigen", "std::fill", "streaming fill"]
WHO = ["phasor", "phasor embed", "SLEEF", "Eigen by rows", "naive Eigen", "std::sin loop", "LibTorch chain",
       "LibTorch, frequencies kept", "LibTorch, table lookup", "std::fill", "streaming fill"]
WORKLOADS = {"1x320": "one step", "2x1280": "guidance pair", "256x320": "batch", "1000x320": "whole table",
             "27280x256": "video tokens", "65536x1024": "training, 256 MB"}


class Runs:
    """Times and errors by row, of all the given files."""

    def __init__(self, paths):
        self.time, self.error = {}, {}
        for path in paths:
            with open(path, encoding="utf-8") as file:
                data = json.load(file)
            self.context = data["context"]
            for run in data["benchmarks"]:
                if run["run_type"] == "iteration":
                    name = run["run_name"]
                    self.time[name] = min(self.time.get(name, math.inf), run["ns/output"])
                    self.error[name] = run.get("max_error", math.nan)

    def find(self, who, shape, scalar="float", layout="halves", step="float"):
        """ns per output, nan if the row was not run."""
        return self.time.get(f"{who}/{scalar}/{layout}/{step}/{shape}", math.nan)

    def naive(self, shape, scalar="float", layout="halves"):
        """The faster of the two ways to write it with Eigen."""
        rows = [self.find(who, shape, scalar, layout, scalar) for who in ("naive Eigen", "Eigen by rows")]
        return min(time for time in rows + [math.inf] if not math.isnan(time))

    def where(self):
        with open("/proc/cpuinfo", encoding="utf-8") as file:
            info = dict(re.findall(r"^(.*?)\s*: (.*)$", file.read(), re.MULTILINE))
        context = self.context
        processor = [info.get(key, "?") for key in ("model name", "cpu family", "model")]
        return "{} (family {}, model {}), one core; ".format(*processor) + f"{context['compiler']}, {context['flags']}"


def table(head, rows):
    print("\n| " + " | ".join(head) + " |\n|---|" + "---:|" * (len(head) - 1))
    for row in rows:
        print("| " + " | ".join(row) + " |")


def number(x, pattern="{:.3f}"):
    return "–" if math.isnan(x) or math.isinf(x) else pattern.format(x)


def workloads(path):
    runs = Runs([path])
    print(f"ns per output; {runs.where()}. Error: the largest of all workloads, t in [0, 1000).")
    rows = []
    for who in WHO:
        step = "int64" if "lookup" in who else "float"
        names = [f"{who}/float/halves/{step}/{shape}" for shape in WORKLOADS]
        if names[0] in runs.time:
            rows.append([who] + [number(runs.time[name]) for name in names] +
                        [number(max(runs.error[name] for name in names), "{:.1e}")])
    shapes = [f"{name}<br>{shape.replace('x', ' × ')}" for shape, name in WORKLOADS.items()]
    table(["who"] + shapes + ["max error"], rows)


def sweep(dim, path):
    runs = Runs([path])
    print("#", runs.where())
    for rows in (2 ** n for n in range(19) if f"phasor/float/halves/float/{2 ** n}x{dim}" in runs.time):
        print(rows, 4 * rows * int(dim), *[runs.find(who, f"{rows}x{dim}") for who in SWEEP])


def ratios(builds):
    runs = {os.path.basename(build): Runs(glob.glob(glob.escape(build) + ".*.json")) for build in builds}
    for name, run in runs.items():
        print(f"- {name}: {run.where()}")
    a, b = "16x320", "1024x320"
    lines = {}

    def line(name, value):
        lines[name] = [number(value(run)) for run in runs.values()]

    line("ns per output, 1024 × 320", lambda r: r.find("phasor", b))
    line("naive Eigen, ns per output, 1024 × 320", lambda r: r.naive(b))
    line("phasor / naive Eigen, 16 × 320", lambda r: r.find("phasor", a) / r.naive(a))
    line("phasor / naive Eigen, 1024 × 320", lambda r: r.find("phasor", b) / r.naive(b))
    line("one step, 1 × 320, embed_into / a row of 1024", lambda r: r.find("phasor", "1x320") / r.find("phasor", b))
    line("one step, 1 × 320, embed / a row of 1024", lambda r: r.find("phasor embed", "1x320") / r.find("phasor", b))
    for layout in ("columns", "interleaved", "block"):
        line(f"{layout} / halves, 1024 × 320", lambda r: r.find("phasor", b, layout=layout) / r.find("phasor", b))
    line("odd dim, 1024 × 319 / 320", lambda r: r.find("phasor", "1024x319", layout="odd") / r.find("phasor", b))
    line("far, angles of 2^40 radians / halves, 1024 × 320",
         lambda r: r.find("phasor", b, layout="far") / r.find("phasor", b))
    line("mp_fourier, ns per output", lambda r: r.find("phasor", b, layout="unpaired"))
    line("mp_fourier / naive Eigen", lambda r: r.find("phasor", b, layout="unpaired") / r.naive(b, layout="unpaired"))
    line("naive Eigen / phasor in double, 16 × 320",
         lambda r: r.naive(a, "double") / r.find("phasor", a, "double", step="double"))
    line("naive Eigen / phasor in double, 1024 × 320",
         lambda r: r.naive(b, "double") / r.find("phasor", b, "double", step="double"))
    for scalar in ("half", "bfloat16"):
        line(f"{scalar} / float, 1024 × 320", lambda r: r.find("phasor", b, scalar) / r.find("phasor", b))
    for step in ("double", "int64"):
        for shape in (a, b):
            line(f"{step} / float timesteps, {shape.replace('x', ' × ')}",
                 lambda r: r.find("phasor", shape, step=step) / r.find("phasor", shape))
    for fill in ("streaming fill", "std::fill"):
        line(f"256 MB, 65536 × 1024 / {fill}", lambda r: r.find("phasor", "65536x1024") / r.find(fill, "65536x1024"))
    for shape in (a, b):
        lines[f"clang++ / g++, {shape.replace('x', ' × ')}"] = [
            number(run.find("phasor", shape) / runs[name.replace("clang", "g")].find("phasor", shape))
            if name.startswith("clang") and name.replace("clang", "g") in runs else "–" for name, run in runs.items()]
    table(["ratio of times"] + list(runs), [[name] + values for name, values in lines.items()])


if __name__ == "__main__":
    commands = {"workloads": lambda args: workloads(*args), "sweep": lambda args: sweep(*args), "ratios": ratios}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](sys.argv[2:])
