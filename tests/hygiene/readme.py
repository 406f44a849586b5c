#!/usr/bin/env python3
"""readme.py README.md <compiler> <arguments>: compiles and runs every block of C++ in README.md.

The output of the first, a program, must be the block behind it. A block that is no program is the body of a function of its own, but for #include
and template, which stand outside.
"""
import pathlib
import re
import subprocess
import sys

STAND_IN = "#include <cmath>\n#include <cstdint>\nnamespace Ort { struct Float16_t { std::uint16_t val; }; }\n"

readme, *command = sys.argv[1:]
blocks = re.findall(r"^```(\w*)\n(.*?)^```$", pathlib.Path(readme).read_text(encoding="utf-8"), re.M | re.S)
includes, outside, functions = set(), [], []
for language, text in blocks:
    if language != "cpp":
        continue
    includes |= set(re.findall(r"^#include.*\n", text, re.M))
    text = re.sub(r"^#include.*\n", "", text, flags=re.M)
    if text.startswith("template"):
        outside.append(text)
    elif "int main()" in text:
        functions.append(text)
    elif text.strip():
        name = f"block_{len(functions)}"
        functions.append(f"static bool {name}() {{\n{text}return true;\n}}\nconst bool {name}_runs = {name}();\n")
assert len(functions) > 4 and "int main()" in functions[0], "the README has lost its blocks"

source = pathlib.Path("readme.cpp")
source.write_text(STAND_IN + "".join(sorted(includes)) + "".join(outside) + "".join(functions[1:] + functions[:1]))
subprocess.run([*command, str(source), "-o", "./readme"], check=True)
got = subprocess.run(["./readme"], check=True, stdout=subprocess.PIPE, text=True).stdout
want = next(text for language, text in blocks if language == "")
if got != want:
    sys.exit(f"the first program prints\n{got}not\n{want}")
