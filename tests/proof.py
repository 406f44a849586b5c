#!/usr/bin/env python3
"""Proves max_error<float> and max_error<double>: |out - sin(2 pi (t f + phase))| for every finite t, every stored f and
every stored phase, with FMA and without.

    proof.py INCLUDE      where INCLUDE holds phasor/detail/kernel.hpp and phasor/positional_embedding.hpp

Coefficients, reaches, phase_step and the bounds claimed are read from those headers; the order of operations is written
down once more below, in Gappa's language. Gappa (Debian package "gappa") bounds rounding errors by interval arithmetic
over what it proves of the numbers; Sollya ("sollya") bounds the error of the polynomials. Bounds are added up as rational
numbers. Angles are in turns.

For each build, with FMA and without:

 1. Angle (reductions()). The kernel's r differs from r* = t f + phase - n/16 by at most E, which is little more than one
    or two halves of a unit in the last place of r, and so is bounded for each binade of r. |r| <= 1/32 and a hair: n is
    the nearest to the angle as first rounded, not to the angle. By hand are
      - that n and, with it, the high part of the phase are exact: multiples of phase_step that have few enough bits;
      - that for double without FMA, which multiplies halves t = ta + tb and f = fa + fb of 26 and 27 bits, the products
        of 26 by 26 and of 26 by 27 bits are exact, and |tb| <= 2^-25 |ta|, |fb| <= 2^-25 |fa|;
      - what underflow does (UNDERFLOW), and the integers beyond reach: their truncation, and one rounding.
    All other roundings are Gappa's.
 2. Rounding (evaluation()). For each n and r in each of some pieces of [-1/32 - a hair, 1/32 + a hair], Gappa bounds by
    how much the rounded evaluation differs from the exact value of the same polynomials and table at the same r.
 3. Approximation, for each n. Sollya's certified bounds: coefficients.py.
 4. On each piece, by the mean value theorem,
      |out - sin(2 pi (n/16 + r*))| <= rounding + approximation + E max |2 pi cos(2 pi (n/16 + x))|
    with the maximum over the piece and 2^-20 on either side. The largest sum must be at most max_error; printed is where
    it is met.

n = 0 … 4 are all there is to do: the table repeats itself but for signs, and the cosine is computed as the sine of n + 4,
operation by operation. Also proved: r = 0 gives exactly 0 and 1, and |out| <= 1. Not proved: that the compiled code is
this sequence of operations; that is for the tests that compare its results with exact values.

Exit status: 0 proved, 1 not, 77 Gappa or Sollya is missing.
"""

import argparse
import re
import shutil
import subprocess
import sys
from fractions import Fraction

from coefficients import LIMIT, certify, digits, exact, horner, sixteenths, sollya, written

FORMATS = {"float": ("float<ieee_32, ne>", 24), "double": ("float<ieee_64, ne>", 53)}
END = Fraction(1, 32)
WIDER = Fraction(1, 2**20)  # more than E, and than what rounding adds to a bound
UNDERFLOW = Fraction(1, 2**70)  # the most that it moves t f by, for |t| and |f| up to 2^53; beyond, integers are used


def constants(include):
    """What the headers say: {(Scalar, FMA): (bound, reach)}, in_double_reach and phase_step."""
    number = r"(-?(?:0x[0-9a-f.]+p[-+]?\d+|[\d.]+e-?\d+))"

    def find(file, pattern):
        match = re.search(pattern, open(f"{include}/phasor/{file}", encoding="utf-8").read())
        if not match:
            sys.exit(f"proof.py: {include}/phasor/{file} has no {pattern}")
        return match.groups()

    float_, = find("positional_embedding.hpp", rf"max_error = {number};")
    double, = find("positional_embedding.hpp", rf"max_error<double> = {number};")
    floats, = map(exact, find("detail/kernel.hpp", rf"\bfloat_reach = has_fma \? {number} : 0;"))
    fused_doubles, doubles = map(exact, find("detail/kernel.hpp", rf"\bdouble_reach = has_fma \? {number} : {number};"))
    in_double, = map(exact, find("detail/kernel.hpp", rf"\bin_double_reach = {number};"))
    step, = map(exact, find("detail/kernel.hpp", rf"\bphase_step = {number};"))
    return {
        ("float", True): (Fraction(float_), floats),
        ("float", False): (Fraction(float_), None),
        ("double", True): (Fraction(double), fused_doubles),
        ("double", False): (Fraction(double), doubles),
    }, in_double, step


def gappa(definitions, hypotheses, goals, hints=""):
    """Intervals that Gappa proves the goals, names in the definitions, to lie in."""
    questions = " /\\ ".join(f"{goal} in ?" for goal in goals)
    program = definitions + "{ " + " /\\ ".join(hypotheses) + " -> " + questions + " }\n" + hints
    run = subprocess.run(["gappa"], input=program, capture_output=True, text=True)
    found = re.findall(r"^ *(\w+) in \[([-\db]+)(?: {[^}]*})?, ([-\db]+)", run.stderr, re.MULTILINE)
    found = {name: [dyadic(low), dyadic(high)] for name, low, high in found}
    if set(found) != set(goals):
        sys.exit(f"proof.py: Gappa proves no bound:\n{program}\n{run.stdout}{run.stderr}")
    return [found[goal] for goal in goals]


def dyadic(text):
    mantissa, _, exponent = text.partition("b")
    return int(mantissa) * Fraction(2) ** int(exponent or 0)


def magnitude(interval):
    return max(-interval[0], interval[1])


def text(x):
    """A dyadic fraction in Gappa's and Sollya's notation."""
    return f"{x.numerator}b-{x.denominator.bit_length() - 1}"


def up_to(name, high):
    return f"|{name}| <= {text(Fraction(high))}"


def parts_of_float():
    """The largest |t f - a fa - a g| / |a fa|, where f = fa + fb_ and t = a (1 + b_), fa, fb, a, b and g are floats.

    fb_ and b_ are rounded to fb and b, b_ (a quotient) to a double first, and g is b fa + fb rounded. All of it is
    relative to a and fa, so fa may be taken from [1, 2].
    """
    definitions = """
    @rnd = float<24, -1000, ne>;
    fb = rnd(fb_);
    b = rnd(b_ + slip);
    g = rnd(b * fa + fb);
    error = ((b_ * fa + fb_ - g) + b_ * fb_) / fa;
    """
    hints = "b_ * fa + fb_ - g -> -(g - (b * fa + fb)) - (b - (b_ + slip)) * fa - slip * fa - (fb - fb_);"
    error, = gappa(definitions, ["fa in [1, 2]", "|fb_| <= 1b-24", "|b_| <= 1b-24", "|slip| <= 1b-77"], ["error"],
                   hints)
    return magnitude(error)


# Steps 1 and 2 of the kernel: A = t fa, x is A less n and, where there is one, with the high part pa of the phase.
REDUCTION = """
@rnd = {format};
{first}
n = rnd(u + {magic}) - {magic};
x = {x};
rounded_x = rnd(x);
{second}
r = rnd(rounded_x + low);
error = (r - (rounded_x + low)) + (rounded_x - x) + (low - ({exact_low}));
"""
HINTS = """
{x} -> ({by_u}) - v;
rounded_x + low -> (rounded_x - x) + ({by_u}) + ({low_less_v});
u - n -> -(rnd(u + {magic}) - (u + {magic}));
"""
HALVES = "v = rnd(rnd(B + D) + rnd(F));"
NO_PHASE, PHASE = "A - n", "A + (pa - n)"
FUSED = [  # first, x, x + v by u, second, low - v, low without rounding; B = t (b fa + fb), the bracket rounded
    ("v = 0; u = A;", NO_PHASE, "u - n", "low = B;", "low", "B"),
    ("v = 0; u = rnd(A + pa);", PHASE, "(u - n) - (u - (A + pa))", "low = rnd(B + pb);", "low", "B + pb"),
]
SPLIT = [  # the products of halves: A = ta fa, B = ta fb, D = tb fa, all exact, and F = tb fb
    (HALVES + "u = rnd(A + v);", NO_PHASE, "(u - n) - (u - (A + v))", "low = v;", "0", "(B + D) + F"),
    (HALVES + "s = rnd(A + v); u = rnd(s + pa);", PHASE, "(u - n) - (u - (s + pa)) - (s - (A + v))",
     "low = rnd(v + pb);", "(low - (v + pb)) + pb", "((B + D) + F) + pb"),
]

# Floats in double: A = t f, and h is A or A rounded; where there is a phase it is pa, and p is pa - n rounded.
REDUCTION_IN_DOUBLE = """
@rnd = float<ieee_64, ne>;
@narrow = float<ieee_32, ne>;
h = {h};
u = {u};
n = rnd(u + {magic}) - {magic};
p = rnd(pa - n);
x = h + p;
rounded_x = rnd(x);
r = narrow(rounded_x);
error = (r - rounded_x) + (rounded_x - x) + (p - (pa - n)) + (h - A);
"""
HINTS_IN_DOUBLE = """
h + p -> (u - n) - (u - (h + pa)) + (p - (pa - n));
u - n -> -(rnd(u + {magic}) - (u + {magic}));
"""
MAGIC = {"float": "3b18", "double": "3b47"}


def reductions(scalar, fma, reach, in_double, step):
    """A function that takes hypotheses on r: E, and the largest |r|."""
    format_, bits = FORMATS[scalar]
    programs = []  # each with hints, hypotheses, and the part of E that is not in Gappa's text

    def add(program, hints, hypotheses, unsaid):
        programs.append((program, hints, hypotheses, unsaid + UNDERFLOW))

    if scalar == "float":
        names = {"h": "A" if fma else "rnd(A)", "u": "rnd(h + pa)", "magic": MAGIC["double"]}  # pa may be 0
        add(REDUCTION_IN_DOUBLE.format(**names), HINTS_IN_DOUBLE.format(**names),
            [up_to("A", in_double * (1 + WIDER)), "|pa| <= 0.5"], 0)
    if reach:
        reach *= 1 + WIDER  # which was compared with rounded numbers
        if step * 2**bits < reach + 1:
            sys.exit(f"proof.py: a phase less n does not fit, in {scalar}")
        for first, x, by_u, second, low_less_v, exact_low in FUSED if fma else SPLIT:
            hypotheses, unsaid = [up_to("A", reach)], 0
            if x == PHASE:
                hypotheses += ["|pa| <= 0.5", up_to("pb", step / 2)]
            if scalar == "float":
                hypotheses.append(up_to("B", reach * (1 + WIDER) / 2**23))
                unsaid = parts_of_float() * reach + step / 2 / 2**24  # the latter from phase - pa - pb
            elif fma:
                hypotheses.append("B in [0, 0]")
            else:
                hypotheses += [up_to("B", reach / 2**25), up_to("D", reach / 2**25), up_to("F", reach / 2**50)]
            names = {"x": x, "by_u": by_u, "low_less_v": low_less_v, "magic": MAGIC[scalar]}
            add(REDUCTION.format(format=format_, first=first, second=second, exact_low=exact_low, **names),
                HINTS.format(**names), hypotheses, unsaid)

    def near(*hypothesis):
        bounds = []
        for program, hints, hypotheses, unsaid in programs:
            error, r = gappa(program, [*hypotheses, *hypothesis], ["error", "r"], hints)
            bounds.append((magnitude(error) + unsaid, magnitude(r)))
        if hypothesis:  # in integers, t f and the phase are truncated, each by less than 2^-62
            error, = gappa(f"@rnd = {format_};\nr = rnd(x);\nerror = r - x;\n", hypothesis, ["error"])
            bounds.append((magnitude(error) + Fraction(1, 2**61), 0))
        return map(max, zip(*bounds))

    return near


def evaluation(scalar, fma, table, sine, cosine):
    """Steps 3 and 4: a function of n and of an interval of r: the bound of the rounding errors."""

    def sum_of(product, addend):
        """Before its own rounding: with FMA the only one."""
        return f"{product} + {addend}" if fma else f"rnd({product}) + {addend}"

    def computed(coefficients):
        value = coefficients[-1]
        for c in coefficients[-2::-1]:
            value = f"rnd({sum_of(f'{value} * w', c)})"
        return value

    def definitions(n):
        S, C = sixteenths(table)[n], sixteenths(table)[4 - n]
        return f"""
        @rnd = {FORMATS[scalar][0]};
        r = rnd(r_);
        w = rnd(r * r);
        sin = rnd(r * {computed(sine)});
        cos = {computed(cosine)};
        out = rnd({S} + rnd({sum_of(f"{C} * sin", f"rnd({S} * cos)")}));
        W = r * r;
        Sin = r * ({horner(sine, "W")});
        Cos = {horner(cosine, "W")};
        Out = {S} + ({C} * Sin + {S} * Cos);
        error = out - Out;
        """

    for n, want in (0, 0), (4, 1):
        if gappa(definitions(n), ["r in [0, 0]"], ["out"]) != [[want, want]]:
            sys.exit("proof.py: r = 0 does not give 0 and 1")

    def bound(n, low, high):
        error, out = gappa(definitions(n), [f"r in [{text(low)}, {text(high)}]"], ["error", "out"])
        if magnitude(out) > 1:
            sys.exit(f"proof.py: |out| may pass 1 for n = {n}, r in [{float(low)}, {float(high)}]")
        return magnitude(error)

    return bound


def slopes(places):
    """Upper bounds of |d sin(2 pi (n/16 + r)) / dr| for r in each of these intervals, and WIDER around."""
    program = "display = hexadecimal!;\n"
    for n, low, high in places:
        program += f"print(round(sup(abs(2 * pi * cos(2 * pi * ({n} / 16 + [{text(low - WIDER)}; {text(high + WIDER)}])))), "
        program += "53, RU));\n"
    return [Fraction(float.fromhex(word)) for word in sollya(program)]


def prove(scalar, fma, reach, in_double, step, numbers):
    """The worst place: ((n, low, high), (angle, rounding, approximation))."""
    near = reductions(scalar, fma, reach, in_double, step)
    _, largest = near()
    if largest > LIMIT:
        sys.exit(f"proof.py: |r| may be {float(largest)}; the polynomials are certified up to {float(LIMIT)}")

    before = 1 - Fraction(1, 2 ** FORMATS[scalar][1])  # the number before a power of two, relative to it
    ranges = [(Fraction(0), END / 16 * before, 1), (END / 16, END / 8 * before, 1), (END / 8, END / 4 * before, 1),
              (END / 4, END / 2 * before, 2), (END / 2, END * before, 4), (END, largest, 1)]  # low, high, pieces
    approximation = certify(*numbers)
    rounding = evaluation(scalar, fma, *numbers)
    sums = []
    for low, high, count in ranges:
        angle, _ = near(f"|r| in [{text(low)}, {text(high)}]")
        if angle > WIDER:
            sys.exit(f"proof.py: the angle may be {float(angle)} off")
        width = (high - low) / count
        pieces = [(low + width * i, low + width * (i + 1)) for i in range(count)]
        places = [(n, *piece) for n in range(5) for piece in [*pieces, *((-b, -a) for a, b in pieces)]]
        for place, slope in zip(places, slopes(places)):
            sums.append((place, (angle * slope, rounding(*place), approximation[place[0]])))
    return max(sums, key=lambda place_parts: sum(place_parts[1]))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("include", help="the directory that holds phasor/")
    include = parser.parse_args().include
    missing = [tool for tool in ("gappa", "sollya") if not shutil.which(tool)]
    if missing:
        print(f"proof.py: no {' and no '.join(missing)} here (Debian packages of these names): nothing proved")
        return 77

    builds, in_double, step = constants(include)
    numbers = written(f"{include}/phasor/detail/kernel.hpp")
    proved = True
    print(f"{'':16}{'worst for r in':31}{'angle':>11}{'rounding':>11}{'approx.':>11}{'total':>11}  max_error")
    for (scalar, fma), (bound, reach) in builds.items():
        (n, low, high), parts = prove(scalar, fma, reach, in_double, step, numbers[scalar])
        holds = sum(parts) <= bound
        proved &= holds
        print(f"{scalar + (', FMA' if fma else ', no FMA'):16}{n}/16 + [{float(low):.6f}, {float(high):.6f}]".ljust(47) +
              "".join(f"{digits(part):>11}" for part in (*parts, sum(parts))) +
              f"  {float(bound)}{'' if holds else ': NOT PROVED'}", flush=True)
    return 0 if proved else 1


if __name__ == "__main__":
    sys.exit(main())
