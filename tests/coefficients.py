#!/usr/bin/env python3
"""The numbers of phasor's kernel: a table of sines, and polynomials near sin(2 pi r) and cos(2 pi r) - 1.

    coefficients.py                  computes and prints them with Sollya, and certifies their error
    coefficients.py --check HEADER   also compares them with those in HEADER, include/phasor/detail/arithmetic.hpp

The kernel computes S + (C sine(r) + S cosine(r)) for an angle of n/16 + r turns, where S and C are sin(2 pi n/16) and
cos(2 pi n/16), rounded to the Scalar. Polynomials minimise the largest absolute error for |r| <= 1/32 + 2^-10, among
those whose coefficients are floats or doubles: absolute, because that is what max_error promises. cosine(r) is near
cos(2 pi r) - 1 + bias: the bias makes up for part of what S lacks, which for floats is up to 3e-8.

The error printed for each n is certified: an upper bound from interval arithmetic (Sollya's supnorm), with S, C and the
coefficients as they stand, evaluated without rounding. n = 0 … 4 and r of both signs are all, by symmetry.

Exit status: 0 all is well, 1 the header differs, 77 Sollya is missing (Debian package "sollya").
"""

import argparse
import decimal
import re
import shutil
import subprocess
import sys
from fractions import Fraction

# Scalar: Sollya's name of the format, its rounding, bias, number of coefficients of the sine and of the cosine.
SCALARS = {
    "float": ("SG", "single", "1.6e-8", 3, 3),
    "double": ("D", "double", "-2e-17", 5, 6),
}
LIMIT = Fraction(33, 1024)  # of |r|: 1/32, and 2^-10 for what rounding may add after n is chosen

# 600 bits hold the products of these coefficients without rounding.
PROLOGUE = """
display = hexadecimal!;
prec = 600!;
"""

TABLE = "print({rounding}(sin(pi / 8)), {rounding}(sin(pi / 4)), {rounding}(sin(3 * pi / 8)));\n"

# The fit leaves out 0, where every term of the sine vanishes; the certified bound does not.
FIT = """
procedure fit(f, first, count) {{
  var i, p, degrees;
  degrees = [||];
  for i from 0 to count - 1 do degrees = degrees :. (2 * i + first);
  p = fpminimax(f, degrees, [|{format}...|], [1b-20; {limit}], absolute);
  for i from 0 to count - 1 do print(coeff(p, 2 * i + first));
}};
fit(sin(2 * pi * x), 1, {sine});
fit(cos(2 * pi * x) - 1 + {bias}, 0, {cosine});
"""

CERTIFY = """
print(round(sup(supnorm({S} + {C} * x * ({sine}) + {S} * ({cosine}), sin(2 * pi * ({n} / 16 + x)), [-{limit}; {limit}],
                        absolute, 1b-10)), 53, RU));
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
    """The table, the coefficients of the sine and those of the cosine, constant term first, as hexfloat strings."""
    format_, rounding, bias, sine, cosine = SCALARS[scalar]
    words = sollya((PROLOGUE + TABLE + FIT).format(format=format_, rounding=rounding, bias=bias, limit=LIMIT, sine=sine,
                                                   cosine=cosine))
    return words[:3], words[3:3 + sine], words[3 + sine:]


def sixteenths(table):
    """S for n = 0 … 4; C is S for 4 - n."""
    return ["0", *table, "1"]


def certify(table, sine, cosine):
    """Upper bounds of |S + (C sine(r) + S cosine(r)) - sin(2 pi (n/16 + r))|, n = 0 … 4."""
    S = sixteenths(table)
    program = "".join(CERTIFY.format(S=S[n], C=S[4 - n], n=n, sine=horner(sine, "x^2"), cosine=horner(cosine, "x^2"),
                                     limit=LIMIT) for n in range(5))
    return [Fraction(float.fromhex(word)) for word in sollya(PROLOGUE + program)]


def written(header):
    """{Scalar: (table, sine, cosine)} as the header has them: of sines s1, s2, s3, and the numbers in sin_cos(), in the
    order of the text."""
    text = re.sub("//.*", "", open(header, encoding="utf-8").read())
    table = re.findall(r"\bs[123] = [^?]*\? (\S+) : ([^;)]+)\);", text)
    body = re.search(r"\bsin_cos\(const .*?\n}\n", text, re.DOTALL)
    numbers = re.findall(r"-?\b0x[0-9a-f.]+p[-+]?\d+", body.group()) if body else []
    wanted = sum(sine + cosine for _, _, _, sine, cosine in SCALARS.values())
    if len(table) != 3 or len(numbers) != wanted:
        sys.exit(f"{header}: should define s1, s2 and s3, and sin_cos() should have the sine and cosine of float, and then "
                 f"of double: {wanted} hexadecimal numbers; found {table} and {len(numbers)}: {' '.join(numbers)}")
    found = {}
    for (scalar, (_, _, _, sine, cosine)), s in zip(SCALARS.items(), zip(*table)):
        found[scalar] = s, numbers[:sine], numbers[sine:sine + cosine]
        numbers = numbers[sine + cosine:]
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
        numbers = fit(scalar)
        print(f"{scalar}: certified |error| <= {', '.join(map(digits, certify(*numbers)))} for n = 0 … 4\n  "
              + "\n  ".join(map(", ".join, numbers)))
        if not header:
            continue
        want, got = [[exact(number) for part in parts for number in part] for parts in (numbers, written(header)[scalar])]
        for i, (g, w) in enumerate(zip(got, want)):
            if g != w:
                differs = True
                print(f"  differs: {header} has {float(g).hex()} as number {i} of {scalar}, want {float(w).hex()}")
    if header and not differs:
        print(f"{header}: the same")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
