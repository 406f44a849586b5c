#!/usr/bin/env python3
"""Tables and plot data out of the JSON files of bench/bench; bench/run calls it.

    report.py workloads PLAIN NATIVE   Markdown: ns per output and largest error, who by workload
    report.py sweep DIM PLAIN NATIVE   columns for gnuplot: rows, bytes, then ns per output of each of SWEEP
    report.py ratios BUILD...          Markdown: what the kernel promises, and against BUILD-old where that was measured
    report.py paste NAME FILE README   puts the file between the marks of that name

PLAIN and the like stand for all files PLAIN.*.json. A time is the fastest of all repetitions.
"""

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
       ("streaming fill", "streaming fill", NATIVE)]
SWEEP = [("phasor", PLAIN), ("naive Eigen", NATIVE), ("std::fill", NATIVE), ("streaming fill", NATIVE)]
DIFFERENT = {"1x320": "one step", "2x1280": "two steps", "256x320": "batch", "1000x320": "whole table",
             "27280x256": "video tokens", "65536x1024": "training, 256 MB"}
REPEATED = {"16x320:16": "a sampler's batch", "2x1280:2": "guidance pair", "256x320:256": "large batch",
            "27280x256:1560": "video tokens"}


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

    def find(self, who, shape, scalar="float", layout="halves", step="float"):
        """ns per output, nan if the row was not run."""
        return self.time.get(f"{who}/{scalar}/{layout}/{step}/{shape}", math.nan)

    def eigen(self, shape, scalar="float", layout="halves"):
        """The faster of the two ways to write it with Eigen."""
        return fastest(self.find(who, shape, scalar, layout, scalar) for who in ("naive Eigen", "Eigen by rows"))

    def build(self):
        target = self.context.get("target")
        return f"{self.context['compiler']} with {self.context['flags']}" + (f"; phasor chose {target}" if target else "")


def fastest(times):
    return min((time for time in times if not math.isnan(time)), default=math.nan)


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


def workloads(*builds):
    runs = [Runs(build) for build in builds]
    print(f"ns per output value (not per row), and the largest error, for t in [0, 1000).\n\n"
          f"- The machine: {machine()}.\n"
          f"- Rows that say \"without -march\": {runs[PLAIN].build()}.\n"
          f"- All other rows have the flags that are best for the other libraries: {runs[NATIVE].build()}.")
    for shapes in DIFFERENT, REPEATED:
        print("\nDifferent timesteps:" if shapes is DIFFERENT else
              "\nEqual timesteps: in each case t is one number. Only the video has several: its t changes after every 1560 "
              "tokens.")
        rows = []
        for label, who, build in WHO:
            step = "int64" if "lookup" in who else "float"
            names = [f"{who}/float/halves/{step}/{shape}" for shape in shapes]
            if names[0] in runs[build].time:
                rows.append([label] + [number(runs[build].time[name]) for name in names] +
                            [number(max(runs[build].error[name] for name in names), "{:.1e}")])
        table(["who"] + headings(shapes) + ["max error"], rows)
    making = runs[PLAIN].find("construction", "1x320", layout="adm") * 320 / 1000
    print(f"\nMaking an embedding, adm(320): {number(making, '{:.1f} µs')}.")


def sweep(dim, *builds):
    runs = [Runs(build) for build in builds]
    print("#", machine(), *[run.build() for run in runs], sep="; ")
    for rows in (2 ** n for n in range(19)):
        if f"phasor/float/halves/float/{rows}x{dim}" in runs[PLAIN].time:
            print(rows, 4 * rows * int(dim), *[runs[build].find(who, f"{rows}x{dim}") for who, build in SWEEP])


def ratios(*builds):
    runs = {os.path.basename(build): Runs(build) for build in builds}
    print(machine())
    for name, run in runs.items():
        print(f"- {name}: {run.build()}")
    a, b, huge = "16x320", "1024x320", "65536x1024"
    lines = []

    def line(name, value, pattern="{:.3f}"):
        lines.append([name] + [number(value(run), pattern) for run in runs.values()])

    def best(who, shape, scalar="float"):
        """Of a limit, the fastest of all builds."""
        return fastest(run.find(who, shape, scalar, step=scalar) for run in runs.values())

    def beside(run, pattern, replacement):
        """The build whose name differs so, or nothing but nan."""
        name = next(name for name in runs if runs[name] is run)
        return runs.get(re.sub(pattern, replacement, name), Runs(""))

    def native(run):
        return beside(run, "-.*", "-march=native")

    shapes = ("1x320", a, b, huge)
    for shape in shapes:
        line(f"ns per output, {shape}", lambda r: r.find("phasor", shape))
    for shape in shapes:
        line(f"this build / -march=native, {shape}",
             lambda r: r.find("phasor", shape) / native(r).find("phasor", shape))
    for shape in (a, b):
        line(f"clang++ / g++, {shape}",
             lambda r: r.find("phasor", shape) / beside(r, "^clang", "g").find("phasor", shape))
    for dim in (64, 256, 320):
        for how, who in (("by pointer", "phasor pointer"), ("Eigen", "phasor")):
            line(f"one row of {dim} - bare loop, ns, {how}",
                 lambda r: dim * (r.find(who, f"1x{dim}") - native(r).find("bare loop", f"1x{dim}")), "{:.1f}")
    line("one row of 320, embed - embed_into, ns",
         lambda r: 320 * (r.find("phasor embed", "1x320") - r.find("phasor", "1x320")), "{:.1f}")
    for shape in ("16x320:16", "2x1280:2", "256x320:256", "27280x256:1560"):
        line(f"one t / different t, {shape}", lambda r: r.find("phasor", shape) / r.find("phasor", shape.split(":")[0]))
    line("one t / std::fill, 256x320", lambda r: r.find("phasor", "256x320:256") / best("std::fill", "256x320"))
    line("video tokens / streaming fill",
         lambda r: r.find("phasor", "27280x256:1560") / best("streaming fill", "27280x256"))
    line("one t / different t, 256x320, columns", lambda r: r.find("phasor", "256x320:256", layout="columns") /
         r.find("phasor", b, layout="columns"))
    for scalar in ("float", "double", "half", "bfloat16"):
        line(f"{scalar}, 65536x1024 / streaming fill",
             lambda r: r.find("phasor", huge, scalar) / best("streaming fill", huge, scalar))
    for layout in ("columns", "interleaved"):
        line(f"{layout}, 65536x1024 / halves", lambda r: r.find("phasor", huge, layout=layout) / r.find("phasor", huge))
    for layout in ("columns", "interleaved", "block", "far", "unpaired"):
        line(f"{layout} / halves", lambda r: r.find("phasor", b, layout=layout) / r.find("phasor", b))
    line("odd dim, 319 / 320", lambda r: r.find("phasor", "1024x319", layout="odd") / r.find("phasor", b))
    for scalar in ("double", "half", "bfloat16"):
        line(f"{scalar} / float", lambda r: r.find("phasor", b, scalar) / r.find("phasor", b))
    for step in ("double", "int64"):
        for shape in (a, b):
            line(f"{step} / float timesteps, {shape}",
                 lambda r: r.find("phasor", shape, step=step) / r.find("phasor", shape))
    for shape in (a, b):
        line(f"phasor / Eigen, {shape}", lambda r: r.find("phasor", shape) / r.eigen(shape))
        line(f"phasor / Eigen, double, {shape}",
             lambda r: r.find("phasor", shape, "double") / r.eigen(shape, "double"))
    line("phasor / Eigen, mp_fourier", lambda r: r.find("phasor", b, layout="unpaired") / r.eigen(b, layout="unpaired"))
    table(["1024x320 if no other shape"] + list(runs), lines)

    old = [Runs(build + "-old") for build in builds]
    names = sorted({name for run in old for name in run.time if name.startswith("phasor")})
    if names:
        table(["this version / the old one"] + list(runs),
              [[name] + [number(new.time.get(name, math.nan) / other.time.get(name, math.nan))
                         for new, other in zip(runs.values(), old)] for name in names])


def paste(name, path, readme):
    with open(path, encoding="utf-8") as file, open(readme, encoding="utf-8") as old:
        new, text = file.read(), old.read()
    pattern = f"(<!-- {name} -->\n).*(<!-- /{name} -->)"
    with open(readme, "w", encoding="utf-8") as out:
        out.write(re.sub(pattern, lambda marks: marks[1] + new + marks[2], text, flags=re.DOTALL))


if __name__ == "__main__":
    commands = {"workloads": workloads, "sweep": sweep, "ratios": ratios, "paste": paste}
    if len(sys.argv) < 3 or sys.argv[1] not in commands:
        sys.exit(__doc__)
    commands[sys.argv[1]](*sys.argv[2:])
