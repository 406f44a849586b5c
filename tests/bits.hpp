// How the tests compare outputs: by their bits, and print them: in hexadecimal.
//
// Bits, because -0 == 0 and NaN != NaN, and because -ffast-math may answer any comparison with a NaN.
#pragma once

#include <phasor/phasor.hpp>

#include <cstdint>
#include <cstdio>
#include <cstring>
#include <limits>
#include <string>
#include <type_traits>

using phasor::Index;

template <typename T>
std::uint64_t bits(const T& x) {
  using Word =
      std::conditional_t<sizeof x == 8, std::uint64_t, std::conditional_t<sizeof x == 4, std::uint32_t, std::uint16_t>>;
  Word bits;
  static_assert(sizeof bits == sizeof x);
  std::memcpy(&bits, &x, sizeof x);
  return bits;
}

/// The float of these bits.
inline float from_bits(std::uint64_t pattern) {
  const auto low = static_cast<std::uint32_t>(pattern);
  float x;
  std::memcpy(&x, &low, sizeof x);
  return x;
}

/// By the bits of x in memory: with -ffast-math, Clang 22 takes a float that is passed by value not to be one.
template <typename T>
bool is_nan(const T& x) {
  const std::uint64_t sign = std::uint64_t(1) << (8 * sizeof x - 1), infinity = bits(std::numeric_limits<T>::max()) + 1;
  return (bits(x) & ~sign) > infinity;
}

/// x as a hexadecimal literal, or as a decimal integer.
template <typename T>
std::string hex(T x) {
  if constexpr (std::is_integral_v<T>) {
    return std::to_string(x);
  } else {
    char text[40];
    std::snprintf(text, sizeof text, "%a", static_cast<double>(x));
    return text;
  }
}

/// "" if both have the same shape and bits, else the first difference.
template <typename Got, typename Want>
std::string difference(const Eigen::DenseBase<Got>& got, const Eigen::DenseBase<Want>& want) {
  if (got.rows() != want.rows() || got.cols() != want.cols()) {
    return "got " + hex(got.rows()) + " x " + hex(got.cols()) + ", want " + hex(want.rows()) + " x " + hex(want.cols());
  }
  for (Index i = 0; i < got.rows(); ++i) {
    for (Index k = 0; k < got.cols(); ++k) {
      const auto g = got.derived().coeff(i, k);
      const auto w = want.derived().coeff(i, k);
      if (bits(g) != bits(w)) return "(" + hex(i) + ", " + hex(k) + "): got " + hex(g) + ", want " + hex(w);
    }
  }
  return "";
}

/// One row a timestep, each embedded alone: the reference of what a batch must be, in any form.
template <typename Scalar, typename T>
typename phasor::PositionalEmbedding<Scalar>::Matrix one_by_one(const phasor::PositionalEmbedding<Scalar>& embedding,
                                                                const T& t) {
  typename phasor::PositionalEmbedding<Scalar>::Matrix rows(t.size(), embedding.dim());
  for (Index i = 0; i < t.size(); ++i) rows.row(i) = embedding.embed(t[i]);
  return rows;
}

/// The largest error seen, and where.
struct Worst {
  double error = 0;
  std::string where = "nowhere";

  /// describe() is called for a new largest error only. A NaN is the largest error of all.
  template <typename Describe>
  void see(double new_error, const Describe& describe) {
    if (is_nan(new_error)) new_error = std::numeric_limits<double>::max();
    if (new_error <= error) return;
    error = new_error;
    where = describe();
  }
};
