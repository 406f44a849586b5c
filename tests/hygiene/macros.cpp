// phasor after everything that others may have defined: what std and Eigen need is included before.
#include <Eigen/Core>

#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <initializer_list>
#include <iterator>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>
#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#elif defined(__aarch64__)
#include <arm_neon.h>
#endif

#include "macros.hpp"

#include <phasor/phasor.hpp>

int main() {
  const phasor::PositionalEmbedding<float> embedding(phasor::flux(256));
  const phasor::PositionalEmbedding<Eigen::half> halves(phasor::mp_fourier({1, 2}, {0, 0.25}));
  std::vector<float> out(512);
  embedding.embed_into({0.5, 0.25}, out);
  return embedding.embed(1)(0, 0) == out[0] || halves.embed(3).cols() == *phasor::target();
}
