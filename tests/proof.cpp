// What the compiled kernels return, for proof.py to compare with the operations that it proves. A line each: target,
// FMA or not, float or double, t as a double, f, phase, out; all exact.
#include "bits.hpp"
#include "targets.hpp"

#include <cmath>
#include <random>
#include <type_traits>

using namespace phasor;

namespace {

std::mt19937_64 random_bits(1);

/// Of either sign and all 53 digits, |x| between 2^low and 2^high.
double number(int low, int high) {
  const int exponent = low + static_cast<int>(random_bits() % static_cast<unsigned>(high - low));
  const double mantissa = 1 + std::ldexp(static_cast<double>(random_bits() >> 12), -52);
  return std::ldexp(random_bits() % 2 ? mantissa : -mantissa, exponent);
}

template <typename Scalar, typename Number>
void print(Number t, double f, double phase) {
  const Spectrum spectrum{{f, f, f}, {0, 0.25, phase}};  // a pair, and one of another phase
  Scalar out[3];
  BufferEmbedding<Scalar>(spectrum).embed_into(t, out);
  for (std::size_t k = 0; k < 3; ++k) {
    std::printf("%s %d %s %s %s %s %s\n", target(), fuses(detail::chosen_target()),
                std::is_same_v<Scalar, float> ? "float" : "double", hex(static_cast<double>(t)).c_str(), hex(spectrum.frequency[k]).c_str(),
                hex(spectrum.phase[k]).c_str(), hex(out[k]).c_str());
  }
}

template <typename Scalar>
void print_some() {
  for (int i = 0; i < 20; ++i) {
    print<Scalar>(number(-2, 10), number(-8, 1), number(-4, 0));
    print<Scalar>(static_cast<float>(number(-2, 10)), number(-8, 1), number(-20, 2));
    print<Scalar>(number(10, 20), number(-2, 3), number(-4, 0));
    print<Scalar>(random_bits() >> i % 16, number(-60, 0), number(-4, 0));
  }
}

}  // namespace

int main() {
  for (const int target : targets()) {
    use_target(target);
    print_some<float>();
    print_some<double>();
  }
}
