// Prints frequencies of random arguments, which frequencies.py compares with the formulas: a line for each call, of the word, its
// arguments and what it returned, all as bits in hexadecimal. `frequencies flush` has the processor take denormals for zeros.
#include <phasor/conventions.hpp>

#include <cinttypes>
#include <cstdio>
#include <cstring>
#include <initializer_list>
#include <random>

#ifdef __SSE__
#include <xmmintrin.h>
#endif

using phasor::Index;

namespace {

std::mt19937_64 random_words(1);
std::uint64_t below(std::uint64_t end) { return random_words() % end; }

/// Doubles are made of their bits, since arithmetic might flush them.
double of_bits(std::uint64_t word) {
  double x;
  std::memcpy(&x, &word, sizeof x);
  return x;
}
const std::uint64_t bits_of_one = std::uint64_t(1023) << 52, bits_of_infinity = std::uint64_t(2047) << 52;

/// A positive double of any size, most often an ordinary one.
double positive() {
  switch (below(8)) {
    case 0:
      return of_bits(1 + below(bits_of_infinity - 1));
    case 1:
      return of_bits(1 + below(std::uint64_t(1) << below(53)));  // denormal
    case 2:
      return of_bits(bits_of_one + below(9) - 4);  // next to 1
    case 3:
      return static_cast<double>(1 + below(20000));
    default:
      return of_bits(((1003 + below(40)) << 52) + below(std::uint64_t(1) << 52));
  }
}
double number() {
  const double x = below(16) == 0 ? 0 : positive();
  return of_bits(phasor::detail::bits(x) | below(2) << 63);
}

/// Of one series, at most the first two numbers, a middle one and the last two.
void print(const char* word, std::initializer_list<double> arguments, const std::vector<double>& numbers) {
  std::printf("%s", word);
  for (const double& x : arguments) std::printf(" %016" PRIx64, phasor::detail::bits(x));
  std::printf(" %zu :", numbers.size());
  for (const std::size_t k :
       {std::size_t(0), std::size_t(1), numbers.size() / 2, numbers.size() - 2, numbers.size() - 1})
    if (k < numbers.size()) std::printf(" %zu=%016" PRIx64, k, phasor::detail::bits(numbers[k]));
  std::printf("\n");
}

void print(const char* word, std::initializer_list<double> arguments, const phasor::detail::Wide& x) {
  std::printf("%s", word);
  for (const double& argument : arguments) std::printf(" %016" PRIx64, phasor::detail::bits(argument));
  std::printf(" 1 : %c%" PRIx64 "%016" PRIx64 "p%" PRId64 "\n", x.negative ? '-' : '+', x.fraction.high, x.fraction.low,
              x.exponent - 128);
}

}  // namespace

int main(int argc, char**) {
#ifdef __SSE__
  if (argc > 1) _mm_setcsr(_mm_getcsr() | 0x8040);
#else
  if (argc > 1) return 0;
#endif
  for (int i = 0; i < 1500; ++i) {
    const auto count = static_cast<phasor::Index>(below(8) == 0 ? 1 + below(3000) : 1 + below(12));
    const double x = positive(), y = positive(), z = number(), n = static_cast<double>(count);
    const double small =
        of_bits((below(2) << 63) + ((900 + below(135)) << 52) + below(std::uint64_t(1) << 52));  // < 2^12
    const double largest = of_bits(bits_of_infinity - 1 - below(8)), first_over = of_bits(bits_of_one + below(4));
    // 0, 1, any, or a neighbour of count
    const double shift = below(4) < 2    ? static_cast<double>(below(2))
                         : below(2) == 0 ? number()
                                         : of_bits(phasor::detail::bits(n) + below(9) - 4);
    if (count == 1 || phasor::detail::bits(shift) != phasor::detail::bits(n))
      print("geometric", {x, shift, z}, phasor::geometric(count, x, shift, z));
    print("geomspace", {x, y}, phasor::geomspace(count, x, y));
    print("from_radians", {z}, phasor::from_radians({z}));
    print("scaled", {z, x}, phasor::scaled(phasor::sines({z}), x).frequency);
    print("scaled", {largest, first_over}, phasor::scaled(phasor::sines({largest}), first_over).frequency);
    print("derivative", {z}, phasor::derivative({{x}, {z}}).phase);
    print("log2", {x}, phasor::detail::logarithm(phasor::detail::wide(x)));
    print("exp2", {small}, phasor::detail::exponential(phasor::detail::wide(small)));
    print("quotient", {x, y}, phasor::detail::wide(x) / phasor::detail::wide(y));
    // Periods whose reciprocals are no infinities.
    if (x > 0x1p-1000 && y > 0x1p-1000)
      print("pi0", {x, y}, phasor::columns(phasor::pi0(2 * count, x, y), 0, count).frequency);
  }
}
