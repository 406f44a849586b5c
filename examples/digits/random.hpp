// Random numbers that are the same with every standard library: std::mt19937_64 is specified bit by bit, the
// distributions of <random> are not.
#pragma once

#include <cmath>
#include <cstdint>
#include <random>

namespace digits {

class Random {
 public:
  explicit Random(std::uint64_t seed) : bits_(seed) {}

  /// A number of the open interval (0, 1): 53 random bits and a half.
  double uniform() { return (static_cast<double>(bits_() >> 11) + 0.5) * 0x1p-53; }

  /// An integer of 0 … count - 1.
  int below(int count) { return static_cast<int>(uniform() * count); }

  /// A standard normal number (Box and Muller, 1958; the second of each pair is kept for the next call).
  double normal() {
    if (has_second_) {
      has_second_ = false;
      return second_;
    }
    const double radius = std::sqrt(-2 * std::log(uniform()));
    const double angle = 2 * 3.141592653589793 * uniform();
    second_ = radius * std::sin(angle);
    has_second_ = true;
    return radius * std::cos(angle);
  }

  /// Fills an Eigen matrix with standard normal numbers, row by row.
  template <typename Derived>
  void fill_normal(Derived&& matrix) {
    for (auto row : matrix.rowwise())
      for (auto& x : row) x = static_cast<std::decay_t<decltype(x)>>(normal());
  }

 private:
  std::mt19937_64 bits_;
  double second_ = 0;
  bool has_second_ = false;
};

}  // namespace digits
