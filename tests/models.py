#!/usr/bin/env python3
"""examples/models.tsv says what each model embeds. From it come models.inc, which models.cpp runs, and examples/MODELS.md.

    models.py           writes models.inc and MODELS.md
    models.py --check   exits with 1 if one of them is not what would be written

The columns of models.tsv:
    model     as its users call it
    kind      the part of the table
    call      C++; dim is the number of columns, N a maximal length; other names are buffers of a checkpoint
    dim       those in use, "width" before them where a reader knows it as the width of the model
    formula   an order and the angular frequency j of h = D / 2, D = dim; or column i as a function of t
    given, t  what its user has, and what goes into the embedding, in C++ and in mpmath alike (empty: as it is)
    worked    that t, worked out by hand to five digits
    times     t that the model embeds
    about t   for MODELS.md
    source    repository, commit where it is known, and file that were read
    aliases   further names that people type, separated by "; ": spellings, and variants that embed as the model does.
              "?" behind a variant whose own code was not read
"""
import csv
import math
import pathlib
import re
import sys

from mpmath import atan, cos, floor, log, mp, mpf, nstr, pi, sin

mp.dps = 50
HERE = pathlib.Path(__file__).parent
TABLE = HERE.parent / "examples" / "models.tsv"
KINDS = {"image": "Images and 3-D shapes", "video": "Video", "audio": "Audio and speech", "robot": "Robots and motion",
         "protein": "Proteins and molecules", "text": "Text", "series": "Series, weather, inference",
         "library": "Libraries and papers"}
BEFORE = """\
# Models: which function, and which t

Find your model by name on this page. Its row says which function to call, which t to pass, and, for a t that is computed,
a worked number to compare yours with.

```cpp
const phasor::PositionalEmbedding embedding(phasor::flux(256));  // "call", with phasor:: before it
Eigen::MatrixXf rows = embedding.embed({0.7, 0.65});             // "t is": here sigma
```

- **call.** dim is the width of the embedding, where the model has several. W, B, freqs, phases, w and b are numbers of
  the checkpoint. A row explains its other names.
- **t is.** Most mistakes are made here. Code is C++. σ is the noise level. In flow models it goes from 1 (noise) to 0,
  x = (1 − σ) · data + σ · noise, and diffusers' schedulers give t = 1000 σ. `adm(dim)` at t = 1000 σ equals `flux(dim)` at
  t = σ. "Its t" is the number that the model's own code passes.
- **bf16(x)** is x rounded to bfloat16, as a float: `float(Eigen::bfloat16(x))`. Models in bfloat16 often round t before
  they embed it: 999 becomes 1000. Some round it three times: the pipeline stores 1000 σ in bfloat16 and divides it
  by 1000, and the model multiplies by 1000; each of these results is a bfloat16. Round as often as the row says, or the
  fast columns are wrong. Where a row says nothing of bfloat16, look into your model's code.
- **A time for each token, or frame** means that the model embeds a vector of times. Pass the vector. Rows of equal
  neighbours are computed once.
- **also** lists other spellings, and variants that embed as the model does. **not read** are variants whose own code was
  not read.

Missing? Compare your model's code with the functions in [the README](../README.md#write-your-own).

"""
AFTER = """
## What you do yourself

| your model has | you write |
|---|---|
| a gain, such as √2 in EDM2 | `Eigen::MatrixXf y = embedding.embed(t) * std::sqrt(2.f);` |
| t itself as the first column | write it, and `embed_into` the other columns |
| log(σ) / 4, 999 t, 1 − σ | compute it, and pass it as t |
| t rounded to bfloat16 | `float(Eigen::bfloat16(t))`; without Eigen: keep the upper 16 bits of the float, rounded to nearest even |
| several numbers side by side (sizes, crops) | `embed_into` each into its own columns |
| two times (t and r, t and t − r) | the same |
| a time for each token | `embed_into(times, out)`, of a vector |
| frequencies rounded to bfloat16 | round them, and pass them: `cosines_then_sines(from_radians(rounded))` |
| angles rounded to float16 or bfloat16 | no Spectrum says that: expect a difference |
| pairs of sine and cosine as std::complex | `embed_into(times, reinterpret_cast<float*>(z.data()))`, with `interleaved_cosines_first(frequencies)` |
| DiffWave at fractional steps | embed floor and ceil of t, and interpolate the rows |
| an odd dim without the last column of zeros | ask for dim − 1 |
| RoPE's tables | `adm(dim)` of the positions: its left half holds the cosines, its right half the sines |
| the embedding on a GPU | embed into a buffer here, and copy it: phasor runs on the CPU |

Formulas, sources (repository, commit, file) and the times tested are in [models.tsv](models.tsv), which this page is
generated from. A test compares each call and each t with the formula that models.tsv states, at 50 digits.
"""
# What people type must stand on the page as they type it, but for its case.
TYPED = """Flux2; Flux 2; Flux.1; LTX 2; LTX2; LTX Video; Qwen image; Hunyuan video; HunyuanVideo; SD3.5; SD 3.5; SDXL; SD 1.5;
Wan2.2 I2V; Wan 2.2; klein; Qwen-Image-Edit; Chroma Radiance; HiDream O1; Z Image; pi0.5; GR00T; AlphaFold3; CosXL""".split(";")


def bf16(x):
    """x > 0 rounded to the 8 bits of a bfloat16."""
    fraction, exponent = math.frexp(x)
    return mpf(math.ldexp(round(fraction * 256), exponent - 8))


def evaluate(text, **names):
    """The value of a formula at 50 digits: its numbers are exact, ^ is a power."""
    exact = re.sub(r"(?<![\w.])\d+(\.\d*)?(e-?\d+)?", r"mpf('\g<0>')", text).replace("^", "**")
    functions = {"atan": atan, "bf16": bf16, "cos": cos, "floor": floor, "log": log, "sin": sin}
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
            "sin, cos": [wave for pair in zip(sines, cosines) for wave in pair],
            "cos, sin": [wave for pair in zip(cosines, sines) for wave in pair]}[order]


def interesting(dim):
    """The first two, a middle and the last column of each half."""
    h = dim // 2
    return sorted({k for k in (0, 1, h // 2 + 1, h - 1, h, h + 1, h + h // 2, dim - 1) if 0 <= k < dim})


class Row:
    def __init__(self, cells):
        (self.model, self.kind, self.call, dims, self.formula, given, self.t, self.worked, times, self.about, self.source,
         aliases) = cells
        self.dims = [int(dim) for dim in re.findall(r"\d+", dims)]
        self.width = dims.startswith("width")
        self.aliases = aliases.split("; ") if aliases else []
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

    def place(self):
        """By name; of a model's rows, those of its time first."""
        return self.model.lower().replace("π", "pi").replace(", time", ", \0")

    def shown(self):
        """A line of MODELS.md."""
        read = [name for name in self.aliases if not name.endswith("?")]
        unread = [name[:-1] for name in self.aliases if name.endswith("?")]
        model = "<br>".join(filter(None, [self.model, read and "also: " + ", ".join(read),
                                          unread and "not read: " + ", ".join(unread)]))
        call = self.call if self.width else re.sub(r"\bdim\b", str(self.dims[0]), self.call)
        t = ", ".join(filter(None, [self.t and "`%s`" % self.t, self.about]))
        example = "%s = %s: t = %s" % (self.name, self.given, self.worked) if self.t else ""
        return "| %s | `%s` | %s | %s |\n" % (model, call, t, example)


def tested(rows):
    return "// Generated by models.py from models.tsv, at 50 digits.\n" + "".join(
        line for row in rows for line in row.tested())


def page(rows):
    def anchor(title):
        return "#" + re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-")
    text = BEFORE + " ·\n".join("[%s](%s)" % (title, anchor(title)) for title in KINDS.values()) + "\n"
    for kind, title in KINDS.items():
        text += "\n## %s\n\n| model | call | t is | for example |\n|---|---|---|---|\n" % title
        text += "".join(row.shown() for row in sorted(rows, key=Row.place)
                        if row.kind == kind)
    text += AFTER
    for name in TYPED:
        if " ".join(name.split()).lower() not in text.lower():
            sys.exit("%s: no row of models.tsv has this name" % name.strip())
    return text


def main(how=""):
    with open(TABLE, newline="", encoding="utf-8") as file:
        rows = [Row(cells) for cells in list(csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE))[1:]]
    for path, wanted in {HERE / "models.inc": tested(rows), TABLE.parent / "MODELS.md": page(rows)}.items():
        if how != "--check":
            path.write_text(wanted, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != wanted:
            sys.exit("%s is not what models.py generates from models.tsv" % path.name)


if __name__ == "__main__":
    main(*sys.argv[1:])
