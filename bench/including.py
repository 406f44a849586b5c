#!/usr/bin/env python3
"""What it costs to include phasor, as a Markdown table: bench/run include.

    including.py COMPILER EIGEN INCLUDE [OLD]

EIGEN, INCLUDE and OLD are include directories: OLD that of another version, which is compiled in turns with INCLUDE.
Time is user time, the least of 5. Bytes are code and constants, what `size` calls text, at -O2.
"""

import os
import re
import subprocess
import sys
import tempfile

import report

BUFFER = "#include <phasor/buffer_embedding.hpp>\n"
MATRIX = "#include <phasor/phasor.hpp>\n"
BY_POINTER = ("void embed(const {} * t, float* out) {{ "
              "phasor::BufferEmbedding<float>(phasor::adm(320)).embed_into(t, 8, out, 320); }}\n")
ONE = "auto embed(const Eigen::VectorXd& t) { return phasor::PositionalEmbedding<float>(phasor::adm(320)).embed(t); }\n"
MANY = """
using Embedding = phasor::PositionalEmbedding<float>;
void embed(const Embedding& e, const Eigen::VectorXf& t, Eigen::MatrixXf& out) { e.embed_into(t, out); }
void embed(const Embedding& e, const Eigen::VectorXi& t, Eigen::Block<Eigen::MatrixXf> out) { e.embed_into(t, out); }
"""
# Name, source, and, of the old version's, at most so much: the time as a ratio, and the bytes.
UNITS = [
    ("nothing", "", None),
    ("`<phasor/fwd.hpp>`", "#include <phasor/fwd.hpp>\n", None),
    ("`<phasor/buffer_embedding.hpp>`", BUFFER, None),
    ("the same, and one `embed_into`", BUFFER + BY_POINTER.format("float"), (0.85, 48 * 1024)),
    ("three types of t", BUFFER + "".join(map(BY_POINTER.format, ("float", "double", "long"))), None),
    ("`<Eigen/Core>`", "#include <Eigen/Core>\n", None),
    ("`<phasor/phasor.hpp>`", MATRIX, None),
    ("the same, and one `embed`", MATRIX + ONE, (0.85, None)),
    ("three types of t, three kinds of output", MATRIX + ONE + MANY, None),
]


class Unit:
    """One source, compiled with one include directory."""

    def __init__(self, folder, command, source):
        self.path = os.path.join(folder, "unit.cpp")
        self.command, self.source, self.seconds = command, source, []

    def write(self):
        with open(self.path, "w", encoding="utf-8") as file:
            file.write(self.source)

    def compile(self):
        self.write()
        process = subprocess.Popen([*self.command, "-c", self.path, "-o", self.path + ".o"])
        _, status, usage = os.wait4(process.pid, 0)
        if status != 0:
            sys.exit(f"does not compile:\n{self.source}")
        self.seconds.append(usage.ru_utime)
        size = subprocess.run(["size", self.path + ".o"], check=True, capture_output=True, text=True).stdout
        self.bytes = int(size.splitlines()[1].split()[0])

    def lines(self):
        self.write()
        run = subprocess.run([*self.command, "-E", self.path], check=True, capture_output=True)
        return len(run.stdout.splitlines())


def main(compiler, eigen, *versions):
    version = subprocess.run([compiler, "--version"], check=True, capture_output=True, text=True).stdout.splitlines()[0]
    print(f"{version}, -O2; s of user time. The machine: {report.machine()}.\n")
    old = len(versions) > 1
    print("| translation unit | lines, preprocessed | s to compile | bytes of code and constants |" +
          (" old: s | bytes | new / old: s | at most | bytes, at most |" if old else ""))
    print("|---|---:|---:|---:|" + ("---:|---:|---:|---:|---:|" if old else ""))
    with tempfile.TemporaryDirectory() as folder:
        for name, source, limit in UNITS:
            header = re.findall("<(phasor/.*?)>", source)
            units = [Unit(folder, [compiler, "-std=c++17", "-O2", "-I" + include, "-isystem", eigen], source)
                     for include in versions if all(os.path.exists(os.path.join(include, h)) for h in header)]
            if not units or not os.path.exists(os.path.join(versions[0], *header[:1])):
                continue
            for _ in range(5):
                for unit in units:
                    unit.compile()
            new, seconds = units[0], [min(unit.seconds) for unit in units]
            row = f"| {name} | {new.lines()} | {seconds[0]:.3f} | {new.bytes} |"
            if old and len(units) > 1:
                at_most = [f"{x:g}" if x else "–" for x in limit or (None, None)]
                row += (f" {seconds[1]:.3f} | {units[1].bytes} | {seconds[0] / seconds[1]:.2f} | {at_most[0]} |"
                        f" {at_most[1]} |")
            elif old:
                row += " – | – | – | – | – |"
            print(row, flush=True)
    headers = [os.path.join(folder, file)
               for folder, _, files in os.walk(os.path.join(versions[0], "phasor")) for file in files]
    print(f"\nInstalled: {sum(map(os.path.getsize, headers))} bytes, in {len(headers)} headers.")


if __name__ == "__main__":
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    main(*sys.argv[1:])
