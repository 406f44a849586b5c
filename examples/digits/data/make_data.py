#!/usr/bin/env python3
"""Writes train.txt and held_out.txt, in this directory, from scikit-learn's digits.csv.gz.

    make_data.py path/to/digits.csv.gz

Debian's package python3-sklearn holds the file: apt-get download python3-sklearn, dpkg -x, then
usr/lib/python3/dist-packages/sklearn/datasets/data/digits.csv.gz.
"""
import gzip
import pathlib
import sys

ABOUT = """\
# Handwritten digits, 8x8 pixels: {name}, {count} of 1797 images.
# One image a line: the class, a space, 64 pixels row by row, each 0 (paper) to g = 16 (ink) in base 17.
# Optical Recognition of Handwritten Digits, E. Alpaydin and C. Kaynak, UCI Machine Learning Repository (1998),
# https://archive.ics.uci.edu/dataset/80, licence CC BY 4.0, https://creativecommons.org/licenses/by/4.0/
# Changed from the original: its test set alone, every fifth image of a class held out, pixels in base 17.
"""

parts = {"train": [], "held_out": []}
seen = [0] * 10
with gzip.open(sys.argv[1], "rt") as table:
    for row in table:
        *pixels, digit = (int(float(value)) for value in row.split(","))
        seen[digit] += 1
        part = parts["held_out" if seen[digit] % 5 == 0 else "train"]
        part.append(f"{digit} {''.join('0123456789abcdefg'[pixel] for pixel in pixels)}\n")

for name, lines in parts.items():
    path = pathlib.Path(__file__).parent / f"{name}.txt"
    path.write_text(ABOUT.format(name=name, count=len(lines)) + "".join(lines))
