#!/usr/bin/env python3
"""Proves max_error<float> and max_error<double>: |out - sin(2 pi (t f + phase))| for every finite t, every stored f and
every stored phase, with FMA and without.

    proof.py INCLUDE      where INCLUDE holds phasor/detail/kernel.hpp and phasor/positional_embedding.hpp

Coefficients, direct_reach, wide_reach, phase_step and the bounds claimed are read from those headers; the order of
operations is written down once more below, in Gappa's language. Gappa (Debian package "gappa") bounds rounding errors
by interval arithmetic over what it proves of the numbers; Sollya ("sollya") bounds the error of the polynomials. Bounds
are added up as rational numbers. Angles are in turns.

For each build, with FMA and without:

 1. Angle (reductions()). The kernel's r differs from r* = t f + phase - n/4 by at most E, and |r| <= 1/8 + a hair: n is
    the nearest to the angle as first rounded, not to the angle. E is little more than half a unit in the last place of
    r, and that unit doubles where |r| reaches 1/8; so E is bounded for each binade of r. By hand are
      - that h - n/4 and s - n/4 take no rounding where n = 0, and that s >= 0 is no loss: all is odd in (t f, phase);
      - fl(s - pa) = s - pa, if s = fl(h + pa): the first half of Fast2Sum, for pa is a multiple of the ulp of h
        (Dekker 1971; Muller et al., Handbook of Floating-Point Arithmetic, section 4.3);
      - that for double without FMA, which multiplies halves t = ta + tb and f = fa + fb of 26 and 27 bits, the products
        of 26 by 26 and of 26 by 27 bits are exact, and |tb| <= 2^-25 |ta|, |fb| <= 2^-25 |fa|;
      - what underflow does (UNDERFLOW), and the integers beyond reach: their truncation, and one rounding.
    All other roundings, and that s - n/4 is exact, are Gappa's.
 2. Rounding (evaluation()). For r in each of 38 pieces of [0, 1/8 + a hair], Gappa bounds by how much the rounded
    evaluation differs from the exact value of the same polynomial at the same r. For -r the roundings are the same, but
    for the sign of the sine. Where the cosine's last sum may pass 1, it is at most half a unit above, and rounds to 1,
    which is nearer to any cosine than the sum was.
 3. Approximation. Sollya's certified bounds: coefficients.py.
 4. On each piece, by the mean value theorem,
      |sin - sin(2 pi r*)| <= rounding + approximation + E max |2 pi cos(2 pi x)|
    with the maximum over the piece and 2^-20 on either side, and likewise the cosine. Quarter turns only exchange the
    two and change signs. The largest sum must be at most max_error: printed is the piece where it is met, for |r| below
    1/8 and from 1/8 on.

Also proved: r = 0 gives exactly 0 and 1, and |out| <= 1. Not proved: that the compiled code is this sequence of
operations; that is for the tests that compare its results with exact values.

Exit status: 0 proved, 1 not, 77 Gappa or Sollya is missing.
"""

import argparse
import math
import re
import shutil
import struct
import subprocess
import sys
from fractions import Fraction

from coefficients import LIMIT, certify, digits, exact, horner, sollya, written

FORMATS = {"float": ("float<ieee_32, ne>", 24, "f"), "double": ("float<ieee_64, ne>", 53, "d")}
EIGHTH = Fraction(1, 8)
WIDER = Fraction(1, 2**20)  # more than E, and than what rounding adds to a bound
UNDERFLOW = Fraction(1, 2**70)  # the most that it moves t f by, for |t| and |f| up to 2^53; beyond, integers are used


def constants(include):
    """What the headers say: {(Scalar, FMA): (bound, reach)} and phase_step."""
    number = r"(-?(?:0x[0-9a-f.]+p[-+]?\d+|[\d.]+e-?\d+))"

    def find(file, pattern):
        match = re.search(pattern, open(f"{include}/phasor/{file}", encoding="utf-8").read())
        if not match:
            sys.exit(f"proof.py: {include}/phasor/{file} has no {pattern}")
        return match.groups()

    fused, plain = find("positional_embedding.hpp", rf"max_error = detail::has_fma \? {number} : {number};")
    double, = find("positional_embedding.hpp", rf"max_error<double> = {number};")
    doubles, floats = map(exact, find("detail/kernel.hpp", rf"\bdirect_reach = [^?]* \? {number} : {number};"))
    wide, = map(exact, find("detail/kernel.hpp", rf"\bwide_reach = {number};"))
    step, = find("detail/kernel.hpp", rf"\bphase_step = {number};")
    return {
        ("float", True): (Fraction(fused), floats),
        ("float", False): (Fraction(plain), wide),
        ("double", True): (Fraction(double), doubles),
        ("double", False): (Fraction(double), floats),
    }, exact(step)


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


# Steps 1 and 2 of the kernel where s >= 1/8: h = fl(A), A = t fa; the excess is s - pa - t f, rounded and exact.
# Without a phase pa = pb = 0, and s = h.
REDUCTION = """
@rnd = {format};
to_n = 3b{exponent};
{product}
s = rnd(rnd(A) + pa);
excess = {rounded};
y = rnd(s + to_n);
n = y - to_n;
d = rnd(s - rnd(n));
r = rnd(d - rnd(excess - pb));
error = r - ((s - n) - (({exact}) - pb));
"""
HINTS = """
(s - pa) - A -> (s - (rnd(A) + pa)) + (rnd(A) - A);
s - n -> -(y - (s + to_n));
"""
FUSED = {  # B = t (b fa + fb)
    "product": "",
    "rounded": "rnd(rnd((s - pa) - A) - B)",
    "exact": "((s - pa) - A) - B",
}
SPLIT = {  # the products of halves: A = ta fa, B = ta fb, D = tb fa, all exact, and F = tb fb
    "product": "A = rnd(A_);",
    "rounded": "rnd(rnd(rnd(rnd((s - pa) - A) - B) - D) - rnd(F))",
    "exact": "((((s - pa) - A) - B) - D) - F",
}

# The same for float without FMA, in double: A = t f.
REDUCTION_IN_DOUBLE = """
@rnd = float<ieee_64, ne>;
@narrow = float<ieee_32, ne>;
to_n = 3b49;
product = rnd(A);
s = rnd(product + pa);
y = rnd(s + to_n);
n = y - to_n;
d = rnd(s - rnd(n));
r = narrow(d);
error = (r - (s - n)) + (s - (product + pa)) + (product - A);
"""
HINTS_IN_DOUBLE = "s - n -> -(y - (s + to_n));"


def reductions(scalar, fma, reach, step):
    """Two functions that take hypotheses on r: E and the largest |r| up to reach, and E beyond, by integers."""
    format_, bits, _ = FORMATS[scalar]
    reach *= 1 + WIDER  # which was compared with rounded numbers
    hypotheses = [up_to("A", reach), "|pa| <= 0.5"]
    unsaid = UNDERFLOW  # the part of E that is not in Gappa's text
    if scalar == "float" and not fma:
        program, hints = REDUCTION_IN_DOUBLE, HINTS_IN_DOUBLE
    else:
        if step < reach / (1 + WIDER) * 2 / 2**bits:
            sys.exit(f"proof.py: phase_step must be a multiple of the ulp of reach, in {scalar}")
        program = REDUCTION.format(format=format_, exponent=bits - 4, **(FUSED if fma else SPLIT))
        hints = HINTS
        hypotheses.append(up_to("pb", step / 2))
        if scalar == "float":
            hypotheses.append(up_to("B", reach * (1 + WIDER) / 2**23))
            unsaid += parts_of_float() * reach + step / 2 / 2**24  # the latter from phase - pa - pb
        elif fma:
            hypotheses.append("B in [0, 0]")
        else:
            hypotheses += [up_to("B", reach / 2**25), up_to("D", reach / 2**25), up_to("F", reach / 2**50)]
    # For s <= 1/8, n = 0 and d = s, which Gappa does not see by itself.
    near_zero = program.replace("rnd(s - rnd(n))", "s").replace("s - n", "s")

    def near(*hypothesis):
        error, r, _ = gappa(program, [*hypotheses, *hypothesis, f"s in [0.125, {text(reach + 1)}]"],
                            ["error", "r", "n"], hints)
        error_, r_, n = gappa(near_zero, [*hypotheses, *hypothesis, "s in [0, 0.125]"], ["error", "r", "n"], hints)
        if n != [0, 0]:
            sys.exit("proof.py: n may be other than 0 below 1/8")
        return max(map(magnitude, (error, error_))) + unsaid, max(map(magnitude, (r, r_)))

    def far(hypothesis):
        error, = gappa(f"@rnd = {format_};\nr = rnd(x);\nerror = r - x;\n", [hypothesis], ["error"])
        return magnitude(error) + Fraction(1, 2**61)  # t f and the phase are truncated, each by less than 2^-62

    return near, far


def evaluation(scalar, fma, center, tail, cosine):
    """Step 3 of the kernel: a function of an interval of r, [bound of the sine's rounding errors, of the cosine's]."""
    format_, bits, code = FORMATS[scalar]
    two_pi = struct.unpack(code, struct.pack(code, 2 * math.pi))[0].hex()

    def sum_of(product, addend):
        """Before its own rounding: with FMA the only one."""
        return f"{product} + {addend}" if fma else f"rnd({product}) + {addend}"

    def computed(coefficients):
        value = coefficients[-1]
        for c in coefficients[-2:0:-1]:
            value = f"rnd({sum_of(f'{value} * w', c)})"
        return sum_of(f"{value} * w", coefficients[0])

    definitions = f"""
    @rnd = {format_};
    r = rnd(r_);
    w = rnd({sum_of("r * r", f"-{center}")});
    tail = rnd({computed(tail)});
    sin = rnd({sum_of(f"r * {two_pi}", "rnd(r * tail)")});
    sum = {computed(cosine)};
    cos = rnd(sum);
    W = r * r + -{center};
    Sin = r * {two_pi} + r * ({horner(tail, "W")});
    Cos = {horner(cosine, "W")};
    of_sin = sin - Sin;
    of_sum = sum - Cos;
    of_cos = cos - Cos;
    """
    if gappa(definitions, ["r in [0, 0]"], ["sin", "cos"]) != [[0, 0], [1, 1]]:
        sys.exit("proof.py: r = 0 does not give 0 and 1")

    def bounds(low, high):
        of_sin, of_sum, of_cos, last = gappa(definitions, [f"r in [{text(low)}, {text(high)}]"],
                                             ["of_sin", "of_sum", "of_cos", "sum"])
        half_ulp = Fraction(1, 2 ** (bits + 1))  # below 1
        if last[1] > 1 + 2 * half_ulp:
            sys.exit(f"proof.py: the cosine may pass 1 for r in [{float(low)}, {float(high)}]")
        return magnitude(of_sin), magnitude(of_sum) + half_ulp if last[1] > 1 else magnitude(of_cos)

    return bounds


def slopes(pieces):
    """[upper bounds of |d sin(2 pi r) / dr| and |d cos(2 pi r) / dr| on each of these intervals, and WIDER around]."""
    program = "display = hexadecimal!;\n"
    for low, high in pieces:
        program += f"""
        print(round(sup(2 * pi * cos(2 * pi * [{text(max(low - WIDER, Fraction(0)))}])), 53, RU));
        print(round(sup(2 * pi * sin(2 * pi * [{text(high + WIDER)}])), 53, RU));
        """
    bounds = [Fraction(float.fromhex(word)) for word in sollya(program)]
    return zip(bounds[::2], bounds[1::2])


def prove(scalar, fma, reach, step, numbers):
    """The worst piece below 1/8, and that from 1/8 on: [(wave, (low, high), (angle, rounding, approximation))]."""
    near, far = reductions(scalar, fma, reach, step)
    largest = near()[1]
    if largest > LIMIT:
        sys.exit(f"proof.py: |r| may be {float(largest)}; the polynomials are certified up to {float(LIMIT)}")

    before = 1 - Fraction(1, 2 ** FORMATS[scalar][1])  # the number before a power of two, relative to it
    low, ranges = EIGHTH / 32, [(Fraction(0), EIGHTH / 32 * before, 1)]  # low, high, number of pieces
    while low < EIGHTH:
        ranges.append((low, 2 * low * before, max(4, int(256 * low))))
        low *= 2
    ranges.append((low, largest, 1))

    approximation = certify(scalar, *numbers)
    evaluated = evaluation(scalar, fma, *numbers)
    worst = [None, None]
    for low, high, count in ranges:
        hypothesis = f"|r| in [{text(low)}, {text(high)}]"
        angle = max(near(hypothesis)[0], far(hypothesis))
        if angle > WIDER:
            sys.exit(f"proof.py: the angle may be {float(angle)} off")
        width = (high - low) / count
        pieces = [(low + width * i, low + width * (i + 1)) for i in range(count)]
        for piece, slope in zip(pieces, slopes(pieces)):
            for wave, *parts in zip(("sine", "cosine"), (angle * x for x in slope), evaluated(*piece), approximation):
                place = int(low >= EIGHTH)
                if not worst[place] or sum(parts) > sum(worst[place][2]):
                    worst[place] = wave, piece, parts
    return worst


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("include", help="the directory that holds phasor/")
    include = parser.parse_args().include
    missing = [tool for tool in ("gappa", "sollya") if not shutil.which(tool)]
    if missing:
        print(f"proof.py: no {' and no '.join(missing)} here (Debian packages of these names): nothing proved")
        return 77

    builds, step = constants(include)
    numbers = written(f"{include}/phasor/detail/kernel.hpp")
    proved = True
    print(f"{'':16}{'worst for |r| in':31}{'angle':>11}{'rounding':>11}{'approx.':>11}{'total':>11}  max_error")
    for (scalar, fma), (bound, reach) in builds.items():
        for wave, (low, high), parts in prove(scalar, fma, reach, step, numbers[scalar]):
            holds = sum(parts) <= bound
            proved &= holds
            print(f"{scalar + (', FMA' if fma else ', no FMA'):16}{wave:8}[{float(low):.7f}, {float(high):.7f}]" +
                  "".join(f"{digits(part):>11}" for part in (*parts, sum(parts))) +
                  f"  {float(bound)}{'' if holds else ': NOT PROVED'}", flush=True)
    return 0 if proved else 1


if __name__ == "__main__":
    sys.exit(main())
