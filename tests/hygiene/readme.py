#!/usr/bin/env python3
"""readme.py ROOT <compiler> <arguments>: compiles and runs the C++ of README.md and examples/MODELS.md, inside of readme.cpp.

Each block of C++ is a piece, and so is code in a line that ends in a semicolon; readme.cpp says what each must compute, with
matrices by columns and by rows. Beside it:
- the first program, and the one that Install compiles without a package, print what the README says;
- each row of the README's table of models is one of MODELS.md.
"""
import pathlib
import re
import subprocess
import sys
import tempfile

root, *command = sys.argv[1:]
root = pathlib.Path(root)
pages = {page: (root / page).read_text(encoding="utf-8") for page in ("README.md", "examples/MODELS.md")}
readme = pages["README.md"]
template = pathlib.Path(__file__).with_name("readme.cpp")
BLOCK = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def pieces():
    """Each piece, and where it begins."""
    found = {}
    for page, text in pages.items():
        for match in re.finditer(BLOCK.pattern + r"|`([^`\n]+;)`", text, BLOCK.flags):
            language, block, inline = match.groups()
            if language == "cpp" or inline:
                found.setdefault(block or inline, (text.count("\n", 0, match.start()) + (2 if block else 1), page))
    return found


def translation_unit():
    source, unused = [], pieces()
    for number, line in enumerate(template.read_text(encoding="utf-8").splitlines(), 1):
        if "//README: " not in line:
            source.append(line)
            continue
        part = line.partition("//README: ")[2]
        matching = [piece for piece in unused if part in piece or part == "`%s`" % piece]
        if len(matching) != 1:
            sys.exit("%d pieces, which no line before took, have: %s" % (len(matching), part))
        code = matching[0].replace("int main()", "void first_program()")
        source += ['#line %d "%s"' % unused.pop(matching[0]), re.sub(r"^#include.*$", "", code, flags=re.M),
                   '#line %d "%s"' % (number + 1, template)]
    if unused:
        sys.exit("readme.cpp has no //README for\n" + "\n".join(unused))
    return "\n".join(source) + "\n"


def check_printed(got, want):
    if not got.startswith(want):
        sys.exit("printed:\n%snot:\n%s" % (got, want))


def check_models():
    rows = re.search(r"\| model \| call \| t is \|\n\|.*\n((?:\|.*\n)+)", readme).group(1).splitlines()
    models = [line.split(" | ") for line in pages["examples/MODELS.md"].splitlines()]
    for row in rows:
        names, call, t = row.strip("| ").split(" | ")
        for name in names.split(", "):
            if not any(name in cells[0] and cells[1] == call and cells[2].startswith(re.split("[,;]", t)[0])
                       for cells in models if len(cells) > 2):
                sys.exit("MODELS.md has not: %s | %s | %s" % (name, call, t))


check_models()
with tempfile.TemporaryDirectory() as folder:
    def printed_by(source, *flags):
        subprocess.run([*command, *flags, str(source), "-o", folder + "/a"], check=True)
        ran = subprocess.run([folder + "/a"], stdout=subprocess.PIPE, text=True)
        if ran.returncode != 0:
            sys.exit("%s%s %s: not what readme.cpp expects" % (ran.stdout, source, flags))
        return ran.stdout

    unit = pathlib.Path(folder, "readme.cpp")
    unit.write_text(translation_unit(), encoding="utf-8")
    printed = next(block.group(2) for block in BLOCK.finditer(readme) if not block.group(1))
    for order in [], ["-DEIGEN_DEFAULT_TO_ROW_MAJOR"]:
        check_printed(printed_by(unit, *order), printed)
    without_packages, line = re.search(r"^g\+\+ .* (examples/\w+\.cpp) .*\n# first: (.*)$", readme, re.M).groups()
    check_printed(printed_by(root / without_packages), line)
