#!/usr/bin/env python3
"""The polynomials of phasor's kernel: sin(2 pi r) and cos(2 pi r) for |r| <= 1/8 + 2^-10 turns.

    coefficients.py                  computes and prints them with Sollya, each with its approximation error
    coefficients.py --check HEADER   also compares them with those in HEADER, include/phasor/detail/kernel.hpp

Both are polynomials in w = r^2 - center. The sine is r * two_pi + r * tail(w), where two_pi is 2 pi rounded to the
Scalar: so the tail alone is fitted, and takes up what two_pi lacks. The cosine is cosine(w).

Why a center? At r = 1/8 the error of r counts most, and around r^2 = 0 polynomials in r^2 would round best. With the
center near 1/8^2, w is small where the outputs are steep, and so are the rounding errors of w and of every coefficient
but the first; at r = 0, where they are larger, the cosine is flat. Any center there will do whose cosine is nearly a
number of the Scalar, for that is the first coefficient; and at r = 0 the cosine must round to 1 (tests/proof.py).

Both minimise the largest absolute error among polynomials whose coefficients are floats or doubles: absolute, because
that is what max_error promises. The error printed is certified: an upper bound from interval arithmetic (Sollya's
supnorm), of the polynomial as its coefficients stand, evaluated without rounding.

Exit status: 0 all is well, 1 the header differs, 77 Sollya is missing (Debian package "sollya").
"""

import argparse
import decimal
import re
import shutil
import subprocess
import sys
from fractions import Fraction

# Scalar: Sollya's name of the format, its rounding, center, number of coefficients of the tail and of the cosine.
SCALARS = {
    "float": ("SG", "single", "0x1.63p-7", 4, 5),
    "double": ("D", "double", "0x1.548p-7", 7, 8),
}
LIMIT = Fraction(129, 1024)  # of |r|: 1/8, and 2^-10 for what rounding may add before n is chosen

# 600 bits hold the products of these coefficients without rounding.
PROLOGUE = """
display = hexadecimal!;
prec = 600!;
two_pi = {rounding}(2 * pi);
w = x^2 - {center};
"""

# fpminimax returns polynomials in x; x^first * p(x^2) becomes p(w + center). The fit leaves out 0, where every term of
# the sine vanishes; the certified bound does not.
FIT = """
procedure show(p, first, count) {{
  var i, q;
  q = 0;
  for i from 0 to count - 1 do q = q + coeff(p, 2 * i + first) * x^i;
  q = horner(q(x + {center}));
  for i from 0 to count - 1 do print(coeff(q, i));
}};
procedure basis(first, count) {{
  var i, terms;
  terms = [||];
  for i from 0 to count - 1 do terms = terms :. x^first * w^i;
  return terms;
}};
show(fpminimax(sin(2 * pi * x) - two_pi * x, basis(1, {tail}), [|{format}...|], [1b-20; {limit}], absolute), 1, {tail});
show(fpminimax(cos(2 * pi * x), basis(0, {cosine}), [|{format}...|], [1b-20; {limit}], absolute), 0, {cosine});
"""

CERTIFY = """
print(round(sup(supnorm(two_pi * x + x * ({tail}), sin(2 * pi * x), [0; {limit}], absolute, 1b-10)), 53, RU));
print(round(sup(supnorm({cosine}, cos(2 * pi * x), [0; {limit}], absolute, 1b-10)), 53, RU));
"""


def sollya(program):
    """What it prints, a word a line."""
    return subprocess.run(["sollya", "--warnonstderr"], input=program + "quit;\n", capture_output=True, text=True,
                          check=True).stdout.split()


def exact(literal):
    """The value of a hexfloat literal, or of one in decimal, rounded to double as the compiler does."""
    return Fraction(float.fromhex(literal) if "0x" in literal else float(literal))


def horner(coefficients, x="w"):
    text = coefficients[-1]
    for c in coefficients[-2::-1]:
        text = f"({text}) * {x} + {c}"
    return text


def fit(scalar):
    """The center, the coefficients of the tail and those of the cosine, constant term first, as hexfloat strings."""
    format_, rounding, center, tail, cosine = SCALARS[scalar]
    words = sollya((PROLOGUE + FIT).format(format=format_, rounding=rounding, center=center, limit=LIMIT, tail=tail,
                                           cosine=cosine))
    return center, words[:tail], words[tail:]


def certify(scalar, center, tail, cosine):
    """Upper bounds of |two_pi r + r tail(w) - sin(2 pi r)| and of |cosine(w) - cos(2 pi r)|."""
    words = sollya((PROLOGUE + CERTIFY).format(rounding=SCALARS[scalar][1], center=center, limit=LIMIT,
                                               tail=horner(tail), cosine=horner(cosine)))
    return [Fraction(float.fromhex(word)) for word in words]


def written(header):
    """{Scalar: (center, tail, cosine)} as the header has them: the numbers in sincos(), in the order of the text."""
    text = re.sub("//.*", "", open(header, encoding="utf-8").read())
    body = re.search(r"\bsincos\(const .*?\n}\n", text, re.DOTALL)
    numbers = re.findall(r"-?\b(?:0x[0-9a-f.]+p[-+]?\d+|\d+\.\d*)", body.group()) if body else []
    lengths = [n for _, _, _, tail, cosine in SCALARS.values() for n in (1, tail, cosine)]
    if len(numbers) != sum(lengths) + 1 or float(numbers[-1]) != 6.28318530717958647692:
        sys.exit(f"{header}: sincos() should have, for float and then for double, -center, tail and cosine, and 2 pi:\n"
                 f"{sum(lengths) + 1} numbers; it has {len(numbers)}: {' '.join(numbers)}")
    found = {}
    for scalar, (_, _, _, tail, cosine) in SCALARS.items():
        minus_center, *numbers = numbers
        found[scalar] = minus_center.removeprefix("-"), numbers[:tail], numbers[tail:tail + cosine]
        numbers = numbers[tail + cosine:]
    return found


def digits(bound):
    """Four of them, rounded up."""
    context = decimal.Context(prec=4, rounding=decimal.ROUND_CEILING)
    return str(context.divide(decimal.Decimal(bound.numerator), decimal.Decimal(bound.denominator)))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="HEADER", help="compare with the coefficients in HEADER")
    header = parser.parse_args().check
    if not shutil.which("sollya"):
        print("coefficients.py: no sollya here (Debian package sollya): nothing computed, nothing compared")
        return 77

    differs = False
    for scalar in SCALARS:
        center, tail, cosine = fit(scalar)
        errors = certify(scalar, center, tail, cosine)
        print(f"{scalar}: center {center}; certified |error| of the sine <= {digits(errors[0])}, "
              f"of the cosine <= {digits(errors[1])}\n  {', '.join(tail)}\n  {', '.join(cosine)}")
        if not header:
            continue
        want, got = [[exact(number) for number in (numbers[0], *numbers[1], *numbers[2])]
                     for numbers in ((center, tail, cosine), written(header)[scalar])]
        for i, (g, w) in enumerate(zip(got, want)):
            if g != w:
                differs = True
                print(f"  differs: {header} has {float(g).hex()} as number {i} of {scalar}, want {float(w).hex()}")
    if header and not differs:
        print(f"{header}: the same")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
