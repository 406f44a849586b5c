#!/usr/bin/env python3
"""models.tsv says what each model embeds. From it come models.inc, which models.cpp runs, and the README's table.

    models.py                     writes models.inc
    models.py --write README.md   replaces the table between README.md's markers
    models.py --check README.md   exits with 1 if models.inc or the table is not what would be written

The columns of models.tsv:
    model     as its users call it
    kind      the part of the table
    call      C++; dim is the number of columns, N a maximal length; other names are buffers of a checkpoint
    dim       those in use, "width" before them where a reader knows it as the width of the model
    formula   an order and the angular frequency j of h = D / 2, D = dim; or column i as a function of t
    given, t  what its user has, and what goes into the embedding, in C++ and in mpmath alike (empty: as it is)
    worked    that t, worked out by hand to five digits
    times     t that the model embeds
    about t   for the README
    source    repository and file that were read
"""
import csv
import math
import pathlib
import re
import sys

from mpmath import atan, cos, log, mp, mpf, nstr, pi, sin

mp.dps = 50
HERE = pathlib.Path(__file__).parent
KINDS = {"image": "Images and 3-D shapes", "video": "Video", "audio": "Audio and speech", "robot": "Robots and motion",
         "protein": "Proteins and molecules", "text": "Text", "series": "Series, weather, inference",
         "library": "Libraries and papers"}
BEGIN, END = "<!-- models -->\n", "<!-- /models -->\n"
LEGEND = """\
- Pass what the column "t is" says; code in it is C++. σ is the noise level. For flow models
  x = (1 − σ) · data + σ · noise. diffusers' flow schedulers give t = 1000 σ. `adm(dim)` at t = 1000 σ equals `flux(dim)`
  at t = σ.
- dim is the embedding's width; W, B, freqs, phases, w and b are the checkpoint's buffers; bf16(x) is
  `float(Eigen::bfloat16(x))`.
- Models in bfloat16 often round t first: their rows say how. Where a row says
  nothing of it, look into your model's code.
- Formulas and sources: [models.tsv](models.tsv). A test compares each call and each t with the formula that
  models.tsv states.
"""


def bf16(x):
    """x > 0 rounded to the 8 bits of a bfloat16."""
    fraction, exponent = math.frexp(x)
    return mpf(math.ldexp(round(fraction * 256), exponent - 8))


def evaluate(text, **names):
    """The value of a formula at 50 digits: its numbers are exact, ^ is a power."""
    exact = re.sub(r"(?<![\w.])\d+(\.\d*)?(e-?\d+)?", r"mpf('\g<0>')", text).replace("^", "**")
    functions = {"atan": atan, "bf16": bf16, "cos": cos, "log": log, "sin": sin}
    return mpf(eval(exact, {**functions, "mpf": mpf, "pi": pi, **names}))


def columns_of(formula, dim):
    """The functions of t that fill the columns."""
    names = {"D": mpf(dim), "h": mpf(dim // 2), "N": mpf(256)}  # and the buffers that models.cpp makes
    # In dictionaries, whose keys may be mpf like all numbers of a formula.
    names["W"] = names["B"] = names["freqs"] = names["w"] = {k: mpf((37 * k + 11) % 64 - 20) / 16 for k in range(dim)}
    names["phases"] = names["b"] = [mpf((11 * k + 5) % 32) / 32 for k in range(dim)]
    order, frequency = re.fullmatch(r"(?:\[(.*)\] )?(.*)", formula).groups()
    if not order:
        return [lambda t, i=i: evaluate(formula, t=t, i=i, **names) for i in range(dim)]
    w = [evaluate(frequency, j=j, **names) for j in range(dim // 2)]
    sines, cosines = [lambda t, w=w: sin(w * t) for w in w], [lambda t, w=w: cos(w * t) for w in w]
    return {"sin | cos": sines + cosines, "cos | sin": cosines + sines,
            "sin, cos": [wave for pair in zip(sines, cosines) for wave in pair]}[order]


def interesting(dim):
    """The first two, a middle and the last column of each half."""
    h = dim // 2
    return sorted({k for k in (0, 1, h // 2 + 1, h - 1, h, h + 1, h + h // 2, dim - 1) if 0 <= k < dim})


class Row:
    def __init__(self, cells):
        self.model, self.kind, self.call, dims, self.formula, given, self.t, self.worked, times, self.about, _ = cells
        self.dims = [int(dim) for dim in re.findall(r"\d+", dims)]
        self.width = dims.startswith("width")
        self.times = [mpf(float(t)) for t in times.split()]  # the double that C++ reads
        if self.t:
            self.name, self.given = given.split(" = ")
            value = evaluate(self.t, **{self.name: mpf(self.given)})
            if mpf(nstr(value, 5)) != mpf(self.worked):
                sys.exit("%s: t is %s at %s, not %s" % (self.model, nstr(value, 5), given, self.worked))
            self.times.append(mpf(float(value)))

    def tested(self):
        """Statements for models.cpp."""
        if self.t:
            yield '{ const double %s = %s; compare_t("%s", %s, %s); }\n' % (
                self.name, self.given, self.model, self.t, self.worked)
        for dim in self.dims:
            picked, columns = interesting(dim), columns_of(self.formula, dim)
            yield 'make(%d);\ncompare("%s", %s, {%s}, {%s}, {\n' % (
                dim, self.model, self.call, ", ".join(map(str, picked)), ", ".join(repr(float(t)) for t in self.times))
            for t in self.times:
                yield ", ".join(nstr(columns[k](t), 17) for k in picked) + ",\n"
            yield "});\n"

    def shown(self):
        """A line of the README's table."""
        call = self.call if self.width else re.sub(r"\bdim\b", str(self.dims[0]), self.call)
        t = ", ".join(filter(None, [self.t and "`%s`" % self.t, self.about]))
        example = "%s = %s: t = %s" % (self.name, self.given, self.worked) if self.t else ""
        return "| %s | `%s` | %s | %s |\n" % (self.model, call, t, example)


def tested(rows):
    return "// Generated by models.py from models.tsv, at 50 digits.\n" + "".join(
        line for row in rows for line in row.tested())


def table(rows):
    text = LEGEND
    for kind, title in KINDS.items():
        text += "\n| %s | call | t is | for example |\n|---|---|---|---|\n" % title
        text += "".join(row.shown() for row in sorted(rows, key=lambda row: row.model.lower()) if row.kind == kind)
    return text


def main(how="", readme=None):
    with open(HERE.parent / "examples" / "models.tsv", newline="", encoding="utf-8") as file:
        rows = [Row(cells) for cells in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]]
    text = {HERE / "models.inc": tested(rows)}
    if readme:
        before, _, rest = pathlib.Path(readme).read_text(encoding="utf-8").partition(BEGIN)
        text[pathlib.Path(readme)] = before + BEGIN + table(rows) + END + rest.partition(END)[2]
    for path, wanted in text.items():
        if how != "--check":
            path.write_text(wanted, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != wanted:
            sys.exit("%s is not what models.py generates from models.tsv" % path.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
