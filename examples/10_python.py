"""Compares the module of 10_python.cpp with the formula in numpy, and prints how long both take."""
import sys
import timeit

import numpy
import timesteps

DIM = 320
embed = timesteps.Embedding(DIM)


def formula(t, kind):
    w = numpy.exp(-numpy.log(1e4) * numpy.arange(DIM // 2, dtype=kind) / (DIM // 2)).astype(kind)
    angles = numpy.asarray(t, dtype=kind)[:, None] * w
    return numpy.concatenate([numpy.cos(angles), numpy.sin(angles)], axis=1)


steps = numpy.arange(1000)
worst = abs(embed(steps) - formula(steps, numpy.float64)).max()
same = [abs(embed(t) - embed(steps)[[981, 961]]).max() == 0
        for t in ([981, 961], (981.0, 961.0), numpy.array([961, 981], numpy.float32)[::-1], numpy.array([[981], [961]]))]


def microseconds(call):
    return min(timeit.repeat(call, number=1000, repeat=5)) * 1e3


one = numpy.array([981.0], numpy.float32)
print("1 x %d: numpy in float32 takes %.2f microseconds, phasor %.2f" % (
    DIM, microseconds(lambda: formula(one, numpy.float32)), microseconds(lambda: embed(one))))
print("largest difference from numpy in float64: %.1e" % worst)
# 8e-8 is phasor's error. In float64, with u = 2^-53, the exponent x of w = e^-x is rounded three times, which changes w by
# 3 x u of itself, and x e^-x < 0.4; exp adds 2 u, the product u; all that times t < 1000. The sine adds u.
sys.exit(not (worst <= 8e-8 + 4300 * 2**-53 and all(same)))
