#!/usr/bin/env python3
"""Generates known_values.inc: outputs of every convention, from its published formula, derivatives, and frequencies, at 50
digits.

    known_values.py            writes the file
    known_values.py --check    exits with 1 if the file differs from what would be written
"""
import pathlib
import sys

from mpmath import cos, diff, fadd, mp, mpf, nstr, pi, sin

mp.dps = 50

DIMS = [2, 3, 4, 64, 128, 129, 256, 320, 1024]
TIMES = [mpf(t) for t in (1, 999, 0.5, 998.39, -1554, -0.0625, 1e6)]  # each the double that C++ reads


def geometric(count, base, shift, scale):
    """Angular frequencies: scale * base^(-j / (count - shift)), j = 0 … count-1; scale alone where count = shift."""
    return [scale * (mpf(base) ** (-j / (count - mpf(shift))) if count != shift else 1) for j in range(count)]


def frequencies(count):
    return [2 * pi * ((37 * j + 11) % 64 - 20) / 16 for j in range(count)]


def phases(count):
    return [2 * pi * ((11 * j + 5) % 32) / 32 for j in range(count)]


# Each returns the functions of t that fill the columns, but for the zeros that pad an odd dim.
def waves(function, angular_frequencies):
    return [lambda t, w=w: function(w * t) for w in angular_frequencies]


def sin_cos(w):
    return waves(sin, w) + waves(cos, w)


def cos_sin(w):
    return waves(cos, w) + waves(sin, w)


def sin_cos_sin_cos(w):
    return [wave for pair in zip(waves(sin, w), waves(cos, w)) for wave in pair]


def cos_with_phase(w, phase):
    return [lambda t, w=w, p=p: cos(w * t + p) for w, p in zip(w, phase)]


EVEN, ANY = True, False
CONVENTIONS = {  # name: (order, base, shift, scale, even)
    "positional_embedding": (sin_cos, 10000, 0, 1, EVEN),
    "positional_embedding, scale 0.25": (sin_cos, 10000, 0, mpf(0.25), EVEN),
    "ddpm": (sin_cos, 10000, 1, 1, ANY),
    "ddpm, base 100": (sin_cos, 100, 1, 1, ANY),
    "adm": (cos_sin, 10000, 0, 1, ANY),
    "adm, base 100": (cos_sin, 100, 0, 1, ANY),
    "flux": (cos_sin, 10000, 0, 1000, ANY),
    "flux, base 100": (cos_sin, 100, 0, 1000, ANY),
    "grad_tts": (sin_cos, 10000, 1, 1000, ANY),
    "grad_tts, base 100": (sin_cos, 100, 1, 1000, ANY),
    "wuerstchen": (sin_cos, 10000, 1, 10000, ANY),
    "wavegrad": (sin_cos, 10000, 0, 5000, EVEN),
    "diffwave": (sin_cos, mpf(1) / 10000, 1, 1, EVEN),
    "pi0": (sin_cos, mpf(4.0) / mpf(4e-3), 1, 2 * pi / mpf(4e-3), EVEN),
    "pi0, periods 0.01 to 2": (sin_cos, mpf(2.0) / mpf(0.01), 1, 2 * pi / mpf(0.01), EVEN),
    "stable_audio_3": (cos_sin, mpf(1) / 20000, 1, pi, EVEN),
    "transformer": (sin_cos_sin_cos, 10000, 0, 1, EVEN),
    "transformer, base 100": (sin_cos_sin_cos, 100, 0, 1, EVEN),
    "diffusers_timesteps, sin first, shift 0.5, scale 2": (sin_cos, 10000, 0.5, 2, ANY),
    "diffusers_timesteps, cos first, shift 1, scale 1000, max_period 100": (cos_sin, 100, 1, 1000, ANY),
    "gaussian_fourier": (sin_cos, EVEN),
    "fourier_embedding": (cos_sin, EVEN),
    "mp_fourier": (cos_with_phase, ANY),
}

DERIVATIVES = [("positional_embedding", 64), ("adm", 129), ("flux", 64), ("diffwave", 64), ("transformer", 64),
               ("mp_fourier", 64)]


def columns_of(name, dim):
    order, *numbers, _ = CONVENTIONS[name]
    if numbers:
        return order(geometric(dim // 2, *numbers))
    if order is cos_with_phase:
        return order(frequencies(dim), phases(dim))
    return order(frequencies(dim // 2))


def interesting(dim):
    """The first two, a middle and the last column of each half, and what follows the halves."""
    h = dim // 2
    return sorted({k for k in (0, 1, h // 2 + 1, h - 1, h, h + 1, h + h // 2, dim - 1) if 0 <= k < dim})


def known(name, dim, value):
    """value(column, t) of the interesting columns at every time."""
    columns = columns_of(name, dim)
    columns += [lambda t: mpf(0)] * (dim - len(columns))
    picked = interesting(dim)
    yield '{"%s", %d, %d, {%s}, {\n' % (name, dim, len(picked), ", ".join(map(str, picked)))
    for t in TIMES:
        yield "{%s},\n" % ", ".join(nstr(value(columns[k], t), 17) for k in picked)
    yield "}},\n"


def listed(count, w, rounding):
    """The first two, a middle and the last two of w, in turns, as doubles: rounded down ("f") or to nearest ("n")."""
    picked = [0, 1, count // 2, count - 2, count - 1]
    doubles = [float(fadd(w[j], 0, prec=53, rounding=rounding)).hex() for j in picked]
    return "{%s}, {%s}},\n" % (", ".join(map(str, picked)), ", ".join(doubles))


def known_frequencies():
    yield "const KnownFrequencies known_frequencies[] = {\n"
    for name, (order, *numbers, _) in CONVENTIONS.items():
        for dim in (64, 320, 1024, 4608) if numbers else ():
            w = [w / (2 * pi) for w in geometric(dim // 2, *numbers)]
            yield '{"%s", %d, %d, ' % (name, dim, 2 if order is sin_cos_sin_cos else 1) + listed(dim // 2, w, "f")
    yield "};\nconst KnownSeries known_geometric[] = {\n"
    for count in (5, 160, 2304):
        for base in (10, 100, 2000, 10000, 20000):
            for shift in (0, 0.1, 0.5, 1):
                w = [w / (2 * pi) for w in geometric(count, base, shift, 1000)]
                yield "{%d, %d, %s, " % (count, base, shift) + listed(count, w, "n")
    yield "};\nconst KnownSeries known_geomspace[] = {\n"
    for count in (5, 160, 2304):
        for first, last in ((0.5, 10000), (250, 0.25), (0.1, 0.7)):
            w = [mpf(first) * (mpf(last) / mpf(first)) ** (mpf(j) / (count - 1)) for j in range(count)]
            yield "{%d, %s, %s, " % (count, first, last) + listed(count, w, "n")
    yield "};\n"


def generated():
    yield "// Generated by known_values.py from the published formulas, at 50 digits.\n"
    yield "const double known_times[] = {%s};\n" % ", ".join(repr(float(t)) for t in TIMES)
    yield "const Known known_values[] = {\n"
    for name, convention in CONVENTIONS.items():
        for dim in DIMS if "," not in name else [3, 4, 64]:
            if convention[-1] == ANY or dim % 2 == 0:
                yield from known(name, dim, lambda column, t: column(t))
    yield "};\n"
    # d/dt by finite differences of 100 digits, which know nothing of quarter turns.
    yield "const Known known_derivatives[] = {\n"
    for name, dim in DERIVATIVES:
        yield from known(name, dim, diff)
    yield "};\n"
    yield from known_frequencies()


path = pathlib.Path(__file__).with_name("known_values.inc")
text = "".join(generated())
if "--check" not in sys.argv:
    path.write_text(text)
elif path.read_text() != text:
    sys.exit("known_values.inc is not what known_values.py generates")
