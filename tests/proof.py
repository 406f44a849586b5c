#!/usr/bin/env python3
"""Proves max_error<float> and max_error<double>: |out - sin(2 pi (t f + phase))| for every finite t, every stored f and
every stored phase, with FMA and without.

    proof.py INCLUDE [PROGRAM]      where INCLUDE holds phasor/, and PROGRAM is proof.cpp, compiled

Coefficients, reaches, phase_step and the bounds claimed are read from the headers; the order of operations is written
down once more below, in Gappa's language. Gappa (Debian package "gappa") bounds rounding errors by interval arithmetic
over what it proves of the numbers; Sollya ("sollya") bounds the error of the polynomials. Bounds are added up as
rational numbers. Angles are in turns.

That the compiled code is these operations, compare() checks: it executes the same Gappa texts on fractions, each
rounding as they say, and what PROGRAM prints of every target must be the same, to the last bit.

For each build, with FMA and without:

 1. Angle (reductions()). The kernel's r differs from r* = t f + phase - n/16 by at most E, which is little more than one
    or two halves of a unit in the last place of r, and so is bounded for each binade of r. |r| <= 1/32 and a hair: n is
    the nearest to the angle as first rounded, not to the angle. By hand are
      - that n and, with it, the high part of the phase are exact: multiples of phase_step that have few enough bits;
      - what underflow does (UNDERFLOW), and the integers beyond reach: their truncation, and one rounding.
    All other roundings are Gappa's.
 2. Rounding (evaluation()). For each n and r in each of some pieces of [-1/32 - a hair, 1/32 + a hair], Gappa bounds by
    how much the rounded evaluation differs from the exact value of the same polynomials and table at the same r.
 3. Approximation, for each n. Sollya's certified bounds: coefficients.py.
 4. On each piece, by the mean value theorem,
      |out - sin(2 pi (n/16 + r*))| <= rounding + approximation + E max |2 pi cos(2 pi (n/16 + x))|
    with the maximum over the piece and 2^-20 on either side. The largest sum must be at most max_error; printed is where it
    is met.

n = 0 … 4 are all there is to do: the table repeats itself but for signs, and the cosine is computed as the sine of n +
4, operation by operation. A phase is some sixteenths, which stand in to_n, the number that rounds to n, and at most
1/32 more. Also proved: r = 0 gives exactly 0 and 1, and |out| <= 1.

Exit status: 0 proved, 1 not, 77 Gappa or Sollya is missing.
"""

import argparse
import collections
import re
import shutil
import subprocess
import sys
from fractions import Fraction

from coefficients import LIMIT, certify, digits, exact, horner, sixteenths, sollya, written

FORMATS = {"float": ("float<ieee_32, ne>", 24), "double": ("float<ieee_64, ne>", 53)}
REACHES = {("float", True, "direct"): "float_reach", ("double", True, "direct"): "double_reach",
           ("float", True, "in double"): "in_double_reach",
           ("float", False, "in double"): "in_double_reach"}
END = Fraction(1, 32)  # of |r|, and of what is left of a phase less the nearest sixteenth
WIDER = Fraction(1, 2**20)  # more than E, and than what rounding adds to a bound
UNDERFLOW = Fraction(1, 2**70)  # the most that it moves t f by, for |t| and |f| up to 2^53; beyond, integers are used


def constants(include):
    """What the headers say: {Scalar: bound}, and {name: number}."""
    number = r"(-?(?:0x[0-9a-f.]+p[-+]?\d+|[\d.]+e-?\d+))"

    def find(file, pattern):
        match = re.search(pattern, open(f"{include}/phasor/{file}", encoding="utf-8").read())
        if not match:
            sys.exit(f"proof.py: {include}/phasor/{file} has no {pattern}")
        return match.groups()

    bounds = {"float": Fraction(*find("buffer_embedding.hpp", rf"max_error = {number} \+")),
              "double": Fraction(*find("buffer_embedding.hpp", rf"max_error<double> = {number};"))}
    header = {name: exact(*find("detail/types.hpp", rf"\b{name} = {number}[,;]"))
              for name in [*REACHES.values(), "phase_step"]}
    magic = find("detail/types.hpp", rf"\bmagic = .*\? {number} : {number}\)")
    header.update({("magic", scalar): exact(literal) for scalar, literal in zip(FORMATS, magic)})
    return bounds, header


def ways(scalar, fma):
    return [way for way in ("direct", "in double") if (scalar, fma, way) in REACHES]


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

    fb_ and b_ are rounded to fb and b, b_ being a quotient whose dividend is rounded first, and g is b fa + fb rounded.
    All of it is relative to a and fa, so fa may be taken from [1, 2].
    """
    definitions = """
    @rnd = float<24, -1000, ne>;
    fb = rnd(fb_);
    b = rnd(b_ + slip);
    g = rnd(b * fa + fb);
    error = ((b_ * fa + fb_ - g) + b_ * fb_) / fa;
    """
    hints = "b_ * fa + fb_ - g -> -(g - (b * fa + fb)) - (b - (b_ + slip)) * fa - slip * fa - (fb - fb_);"
    error, = gappa(definitions, ["fa in [1, 2]", "|fb_| <= 1b-24", "|b_| <= 1b-24", "|slip| <= 1b-48"], ["error"],
                   hints)
    return magnitude(error)


# Steps 1 and 2 of the kernel. Directly, with FMA: A = t fa and B = t (b fa + fb), the bracket rounded; of floats in double:
# A = t f. What is not there is 0.
REDUCTION = """
@rnd = {format};
@narrow = {narrow};
h = {h};
u = {u};
n = rnd(u + to_n) - to_n;
q = {q};
x = rnd(h + q);
low = {low};
r = narrow(x + low);
error = (r - (x + low)) + (x - (h + q)) + (q - (pa - n)) + (h - A) + (low - (B + pb));
"""
HINTS = """
u - n -> -(rnd(u + to_n) - (u + to_n));
h + q -> (u - n) - (u - (h + pa)) + (q - (pa - n));
"""


def reduction(way, scalar, phased):
    """The Gappa text of an angle. Ways: "direct", in the precision of the Scalar, or "in double"."""
    direct = way == "direct"
    return REDUCTION.format(
        format=FORMATS[scalar if direct else "double"][0], narrow=FORMATS[scalar][0], h="A" if direct else "rnd(A)",
        u="rnd(h + pa)" if phased else "h + pa", q="pa - n" if direct or not phased else "rnd(pa - n)",
        low="rnd(B + pb)" if phased else "B + pb")


def reductions(scalar, fma, header):
    """A function that takes hypotheses on r: E, and the largest |r|."""
    format_, bits = FORMATS[scalar]
    step = header["phase_step"]
    programs = []  # each with hypotheses, and the part of E that is not in Gappa's text
    for way in ways(scalar, fma):
        reach = header[REACHES[scalar, fma, way]] * (1 + WIDER)  # which was compared with rounded numbers
        magic = header["magic", scalar if way == "direct" else "double"]
        if way == "direct" and step * 2**bits < reach + 1:
            sys.exit(f"proof.py: a phase less n does not fit, in {scalar}")
        for phased in False, True:
            bounds = {"A": reach, "B": 0, "pa": END if phased else 0, "pb": 0}
            unsaid = UNDERFLOW
            if way == "direct":
                bounds["pb"] = step / 2 if phased else 0
                if scalar == "float":
                    bounds["B"] = reach * (1 + WIDER) / 2**23
                    unsaid += parts_of_float() * reach + step / 2 / 2**24  # the latter from phase - pa - pb
                    unsaid += Fraction(1, 2**75)  # from |t| < 2^-74, which have no low part; |f| <= 2^23
            hypotheses = [up_to(name, bound) for name, bound in bounds.items()]
            hypotheses.append(f"to_n in [{text(magic - Fraction(1, 2))}, {text(magic + Fraction(1, 2))}]")
            programs.append((reduction(way, scalar, phased), hypotheses, unsaid))

    def near(*hypothesis):
        bounds = [(Fraction(0), END)]  # of integers, but for their error, which is below
        for program, hypotheses, unsaid in programs:
            error, r = gappa(program, [*hypotheses, *hypothesis], ["error", "r"], HINTS)
            bounds.append((magnitude(error) + unsaid, magnitude(r)))
        if hypothesis:  # in integers, t f and the phase are truncated, by less than 2^-64 and 2^-62
            error, = gappa(f"@rnd = {format_};\nr = rnd(x);\nerror = r - x;\n", hypothesis, ["error"])
            bounds.append((magnitude(error) + Fraction(1, 2**61), 0))
        return map(max, zip(*bounds))

    return near


def steps_3_and_4(scalar, fma, numbers, S, C):
    """Their Gappa text, from r to out; and Out, which is out without roundings."""
    _, sine, cosine = numbers

    def sum_of(product, addend):
        """Before its own rounding: with FMA the only one."""
        return f"{product} + {addend}" if fma else f"rnd({product}) + {addend}"

    def computed(coefficients):
        value = coefficients[-1]
        for c in coefficients[-2::-1]:
            value = f"rnd({sum_of(f'{value} * w', c)})"
        return value

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


def evaluation(scalar, fma, numbers):
    """Steps 3 and 4: a function of n and of an interval of r: the bound of the rounding errors."""
    S = sixteenths(numbers[0])

    def definitions(n):
        return steps_3_and_4(scalar, fma, numbers, S[n], S[4 - n])

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


def prove(scalar, fma, header, numbers):
    """The worst place: ((n, low, high), (angle, rounding, approximation))."""
    near = reductions(scalar, fma, header)
    _, largest = near()
    if largest > LIMIT:
        sys.exit(f"proof.py: |r| may be {float(largest)}; the polynomials are certified up to {float(LIMIT)}")

    before = 1 - Fraction(1, 2 ** FORMATS[scalar][1])  # the number before a power of two, relative to it
    # low, high, pieces: the angle's error grows with |r|, and so does the room that the largest leaves to smaller ones.
    ranges = [(Fraction(0), END / 2 * before, 1), (END / 2, END * before, 4), (END, largest, 1)]
    approximation = certify(*numbers)
    rounding = evaluation(scalar, fma, numbers)
    sums = []
    for low, high, count in ranges:
        angle, _ = near(f"|r| in [{text(low)}, {text(high)}]")
        if angle > WIDER:
            sys.exit(f"proof.py: the angle may be {float(angle)} off")
        width = (high - low) / count
        pieces = [(low + width * i, low + width * (i + 1)) for i in range(count)]
        mirrored = [(-b, -a) for a, b in pieces]  # of n = 0 and 4 it is the same, since out is odd and even there
        places = [(n, *piece) for n in range(5) for piece in (pieces if n in (0, 4) else pieces + mirrored)]
        for place, slope in zip(places, slopes(places)):
            sums.append((place, (angle * slope, rounding(*place), approximation[place[0]])))
    return max(sums, key=lambda place_parts: sum(place_parts[1]))


def run(definitions, **values):
    """All names in a Gappa text, computed as it says."""
    for name, meaning in re.findall(r"@(\w+) = (.*);", definitions):
        values[name] = ROUNDINGS[meaning]
    for name, expression in re.findall(r"^ *(\w+) = (.*);", definitions, re.MULTILINE):
        number = r"(?<![\w.])(0x[\da-f.]+p[-+]?\d+|\d+)\b"
        values[name] = eval(re.sub(number, r"exact('\1')", expression), {"exact": exact}, values)
    return values


def last_place(x, bits, smallest=-2000):
    """What the last of the first so many bits of x counts, at least 2^smallest."""
    last = Fraction(2) ** max(abs(x.numerator).bit_length() - x.denominator.bit_length() - bits, smallest)
    return last * 2 if abs(x) >= last * 2**bits else last


def rounding_to(bits, smallest):
    """To the nearest number of so many bits, ties to even; numbers are multiples of 2^smallest."""

    def rounded(x):
        last = last_place(x, bits, smallest)
        return round(x / last) * last

    return rounded


ROUNDINGS = {FORMATS["float"][0]: rounding_to(24, -149), FORMATS["double"][0]: rounding_to(53, -1074)}


def kernel_value(scalar, fma, header, numbers, t, f, phase):
    """The way that the angle goes, and what the kernel returns, by the texts that are proved. All are fractions."""
    rounded, double = (ROUNDINGS[FORMATS[name][0]] for name in (scalar, "double"))
    phase -= round(phase)
    if abs(phase) == Fraction(1, 2):
        f, phase = -f, Fraction(0)
    sixteenth = round(phase * 16)
    is_pair = phase in (0, Fraction(1, 4))  # what PROGRAM embeds
    phase -= Fraction(sixteenth, 16)
    limit = 2**53
    for way in ways(scalar, fma):
        if abs(t) >= min(double(header[REACHES[scalar, fma, way]] / abs(f)), limit):
            continue
        values = {"A": t * f, "B": 0, "pa": phase, "pb": 0, "to_n": header["magic", "double"]}
        if way == "direct":
            high = round(phase / header["phase_step"]) * header["phase_step"]
            values.update(pa=high, pb=rounded(phase - high), to_n=header["magic", scalar] + Fraction(sixteenth, 16))
            if scalar == "float":
                ta, fa = rounded(t), rounded(f)
                tb, fb = rounded(double((t - ta) / ta)) if ta else 0, rounded(f - fa)
                values.update(A=ta * fa, B=ta * rounded(tb * fa + fb))
        values = run(reduction(way, scalar, not is_pair), **values)
        n, r = values["n"] * 16, values["r"]
        break
    else:
        way = "integers"
        angle = int(t * f * 2**64) + int(phase * 2**62) * 4
        angle %= 2**64
        n = (angle + 2**59 - (angle >= 2**63)) >> 60
        r = rounded(Fraction(angle - (n << 60), 2**64))
    n = int(n) + sixteenth
    half = sixteenths(numbers[0])
    S = half + half[-2:0:-1]
    S += ["-" + x for x in S]
    out = run(steps_3_and_4(scalar, fma, numbers, S[n % 16], S[(n + 4) % 16]), r_=r)["out"]
    return way, out


def compare(program, header, numbers):
    """Whether the lines that the program prints, of target, FMA, Scalar, t, f, phase and out, are as the proofs say."""
    same, counts = True, collections.Counter()
    for line in subprocess.run([program], capture_output=True, text=True, check=True).stdout.splitlines():
        target, fma, scalar, *given = line.split()
        t, f, phase, out = (Fraction(int(x)) if x.lstrip("-").isdigit() else exact(x) for x in given)
        way, want = kernel_value(scalar, fma == "1", header, numbers[scalar], t, f, phase)
        counts[f"{target} {scalar} {way}"] += 1
        if out != want:
            same = False
            print(f"differs: {line}; {way}, want {float(want).hex()}")
    if same:
        print("compiled as proved: " + ", ".join(f"{count} of {name}" for name, count in counts.items()))
    return same


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("include", help="the directory that holds phasor/")
    parser.add_argument("program", nargs="?", help="proof.cpp, compiled: what the kernel returns")
    include, program = vars(parser.parse_args()).values()
    missing = [tool for tool in ("gappa", "sollya") if not shutil.which(tool)]
    if missing:
        print(f"proof.py: no {' and no '.join(missing)} here (Debian packages of these names): nothing proved")
        return 77

    bounds, header = constants(include)
    numbers = written(f"{include}/phasor/detail/arithmetic.hpp")
    if program and not compare(program, header, numbers):
        return 1
    proved = True
    print(f"{'':16}{'worst for r in':31}{'angle':>11}{'rounding':>11}{'approx.':>11}{'total':>11}  max_error")
    for scalar, fma in [(scalar, fma) for scalar in FORMATS for fma in (True, False)]:
        (n, low, high), parts = prove(scalar, fma, header, numbers[scalar])
        holds = sum(parts) <= bounds[scalar]
        proved &= holds
        print(f"{scalar + (', FMA' if fma else ', no FMA'):16}{n}/16 + [{float(low):.6f}, {float(high):.6f}]".ljust(47) +
              "".join(f"{digits(part):>11}" for part in (*parts, sum(parts))) +
              f"  {float(bounds[scalar])}{'' if holds else ': NOT PROVED'}", flush=True)
    return 0 if proved else 1


if __name__ == "__main__":
    sys.exit(main())
