#!/usr/bin/env python3
"""Compares the frequencies that a program prints (frequencies.cpp) with their formulas, evaluated at 400 bits.

    frequencies.py <program>

Each must be the nearest double. Where the exact value is within 2^-40 units of the middle of two, either is right; of sums and
products, which are known exactly, the even one. Numbers of 128 bits (hexadecimal, with "p") must be off by less than 2^-122 of
themselves, as wide.hpp says.
"""
import struct
import subprocess
import sys

from mpmath import exp, floor, inf, log, mp, mpf, pi, sign

mp.prec = 400


def double(word):
    return mpf(struct.unpack("<d", struct.pack("<Q", int(word, 16)))[0])


def geometric(count, j, base, shift, scale):
    return scale / (2 * pi) * (exp(-log(base) * j / (count - shift)) if j else 1)


def geomspace(count, j, first, last):
    return first * exp(log(last / first) * j / (count - 1)) if 0 < j < count - 1 else last if j else first


FORMULAS = {
    "geometric": geometric,
    "geomspace": geomspace,
    "from_radians": lambda count, j, x: x / (2 * pi),
    "scaled": lambda count, j, x, scale: x * scale,
    "derivative": lambda count, j, phase: phase + mpf(0.25),
    "log2": lambda count, j, x: log(x) / log(2),
    "exp2": lambda count, j, x: mpf(2) ** x,
    "quotient": lambda count, j, x, y: x / y,
    "pi0": lambda count, j, *periods: geomspace(count, j, *(1 / period for period in periods)),
}


def is_nearest(got, exact, to_even):
    if got == exact:
        return True
    size = abs(exact)
    unit = mpf(2) ** max(int(floor(log(size, 2))) - 52 if size else -1074, -1074)
    units = size / unit
    places = floor(units + mpf(0.5))
    distance = abs(units - floor(units) - mpf(0.5))  # from a middle of two
    right = [places] if distance > mpf(2) ** -40 else [floor(units), floor(units) + 1]
    if distance == 0 and to_even:
        right = [p for p in right if p % 2 == 0]
    want = [sign(exact) * p * unit for p in right]
    return got in [w if abs(w) < mpf(2) ** 1024 else sign(w) * inf for w in want]


numbers = failures = 0
for flags in [], ["flush"]:
    for line in subprocess.run([sys.argv[1], *flags], check=True, capture_output=True, text=True).stdout.splitlines():
        arguments, results = (part.split() for part in line.split(":"))
        word, count = arguments[0], int(arguments[-1])
        values = [double(x) for x in arguments[1:-1]]
        for result in results:
            if "p" in result:
                numbers += 1
                fraction, exponent = result.split("p")
                got, exact = int(fraction, 16) * mpf(2) ** int(exponent), FORMULAS[word](1, 0, *values)
                if abs(got - exact) >= abs(exact) * mpf(2) ** -122 and not got == exact:
                    failures += 1
                    print(f"{line}, not {exact}")
                continue
            j, got = result.split("=")
            numbers += 1
            exact = FORMULAS[word](count, int(j), *values)
            if not is_nearest(double(got), exact, word in ("scaled", "derivative")):
                failures += 1
                if failures < 10:
                    print(f"{line.split(':')[0]}: [{j}] is {float(double(got)).hex()}, not the double nearest to {exact}")
print(f"{numbers} numbers, {failures} wrong")
sys.exit(failures > 0 or numbers == 0)
