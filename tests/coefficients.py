#!/usr/bin/env python3
"""The polynomials of phasor's kernel: sin(2 pi r) and cos(2 pi r) for |r| <= 1/8.

    coefficients.py                  computes and prints them with Sollya, each with its approximation error
    coefficients.py --check HEADER   also compares them with those in HEADER, include/phasor/detail/kernel.hpp

The sine is r * two_pi + r * tail(r^2), where two_pi is 2 pi rounded to the Scalar: so the tail alone is fitted, and its
first coefficient is what two_pi lacks. The cosine is a polynomial in r^2 that starts with exactly 1, so that t = 0
gives exactly 1. Both minimise the largest absolute error among polynomials whose coefficients are floats or doubles:
absolute, because that is what max_error promises. The error printed is certified: an upper bound from interval
arithmetic (Sollya's supnorm), of the polynomial as its coefficients stand, evaluated without rounding.

Exit status: 0 all is well, 1 the header differs, 77 Sollya is missing (Debian package "sollya").
"""

import argparse
import decimal
import re
import shutil
import subprocess
import sys

# Scalar: Sollya's name of the format, its rounding, working precision in bits, number of fitted coefficients of each
SCALARS = {"float": ("SG", "single", 200, 4), "double": ("D", "double", 300, 7)}

# The fit leaves out the neighbourhood of 0, where every fitted term vanishes; the certified bound does not.
SOLLYA = """
display = hexadecimal!;
prec = {precision}!;
procedure show(name, p, first, last) {{
  var i, line;
  line = name @ ":";
  for i from first to last by 2 do line = line @ " " @ coeff(p, i);
  print(line);
}};
procedure certify(name, p, f) {{
  display = decimal!;
  print(name @ " error: " @ round(sup(supnorm(p, f, [-1/8; 1/8], absolute, 1b-20)), 53, RU));
  display = hexadecimal!;
}};
two_pi = {rounding}(2 * pi);
sine = sin(2 * pi * x);
cosine = cos(2 * pi * x);
sine_tail = fpminimax(sine - two_pi * x, [|{odd}|], [|{format}...|], [1b-22; 1/8], absolute);
cosine_fit = fpminimax(cosine, [|{even}|], [|{format}...|], [1b-22; 1/8], absolute, 1);
show("sin", sine_tail, 1, {last_odd});
certify("sin", two_pi * x + sine_tail, sine);
show("cos", cosine_fit, 0, {last_even});
certify("cos", cosine_fit, cosine);
quit;
"""


def round_up(digits):
    return decimal.Context(prec=4, rounding=decimal.ROUND_CEILING).create_decimal(digits.strip())


def compute(scalar):
    """{"sin": (coefficients, error), "cos": ...}, the coefficients as hexfloat strings, constant term first."""
    name, rounding, precision, count = SCALARS[scalar]
    odd, even = [range(start, start + 2 * count, 2) for start in (1, 2)]
    program = SOLLYA.format(format=name, rounding=rounding, precision=precision, odd=",".join(map(str, odd)),
                            even=",".join(map(str, even)), last_odd=odd[-1], last_even=even[-1])
    lines = subprocess.run(["sollya", "--warnonstderr"], input=program, capture_output=True, text=True,
                           check=True).stdout.splitlines()
    found = dict(line.split(":") for line in lines if ":" in line)
    return {wave: (found[wave].split(), round_up(found[wave + " error"])) for wave in ("sin", "cos")}


def literals(header):
    """The numbers in the body of sincos(), in the order of the text."""
    text = re.sub("//.*", "", open(header, encoding="utf-8").read())
    body = re.search(r"\bsincos\(const .*?\n}\n", text, re.DOTALL)
    if not body:
        sys.exit(f"{header}: no function sincos()")
    return re.findall(r"-?\b(?:0x[0-9a-f.]+p[-+]?\d+|\d+\.\d*)", body.group())


def value(literal):
    return float.fromhex(literal) if "0x" in literal else float(literal)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", metavar="HEADER", help="compare with the coefficients in HEADER")
    header = parser.parse_args().check
    if not shutil.which("sollya"):
        print("coefficients.py: no sollya here (Debian package sollya): nothing computed, nothing compared")
        return 77

    texts = literals(header) if header else []
    values = [value(text) for text in texts]
    unexplained = set(range(len(texts)))  # literals that no polynomial accounts for
    differs = False
    for scalar in SCALARS:
        for wave, (coefficients, error) in compute(scalar).items():
            print(f"{wave}, {scalar}: certified |error| <= {error}\n  " + ", ".join(coefficients))
            wanted = [value(text) for text in coefficients]
            places = [i for i in range(len(values)) if values[i:i + len(wanted)] == wanted]
            for i in places:
                unexplained -= set(range(i, i + len(wanted)))
            if header and not places:
                differs = True
                print(f"  differs: {header} has no such sequence")
    for i in sorted(unexplained):
        if "0x" in texts[i]:
            differs = True
            print(f"differs: {header} has {texts[i]}, which is none of these")
    if header and not differs:
        print(f"{header}: the same")
    return 1 if differs else 0


if __name__ == "__main__":
    sys.exit(main())
