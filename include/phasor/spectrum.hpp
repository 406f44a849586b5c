// phasor: the columns of a timestep embedding, and the words that build them.
//
// Units: frequencies are in turns per unit of t (a wave of angular frequency w has frequency w / 2pi), phases are in
// turns (0 makes a sine, 1/4 a cosine). A column of frequency 0 and phase 0 is zero.
#pragma once

#include <initializer_list>
#include <phasor/detail/wide.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace phasor { inline namespace PHASOR_NAMESPACE {

/// The columns of an embedding: column k is sin(2pi (t * frequency[k] + phase[k])).
/// Both vectors have one entry for each column, which is checked when an embedding is made.
struct Spectrum {
  std::vector<double> frequency;  ///< turns per unit of t
  std::vector<double> phase;      ///< turns
};

namespace detail {

template <typename Range, typename = void>
inline constexpr bool is_range_of_numbers = false;
template <typename Range>
inline constexpr bool
    is_range_of_numbers<Range, std::void_t<decltype(static_cast<double>(*std::begin(std::declval<const Range&>()))),
                                           decltype(std::size(std::declval<const Range&>()))>> = true;

inline constexpr Index max_columns = PTRDIFF_MAX / 32;  // so that the bytes of twice as many doubles can be counted

PHASOR_NOINLINE inline void refuse_unless_dim(const char* name, Index dim) {
  if (dim <= 0) refuse_as("%s must be > 0, got %td", name, dim);
  if (dim > max_columns) refuse_as("%s must be at most %td, got %td", name, max_columns, dim);
}
inline void refuse_unless_same_size(const Spectrum& spectrum) {
  if (spectrum.phase.size() != spectrum.frequency.size())
    refuse_as("phase must have %zu entries, as frequency has, got %zu", spectrum.frequency.size(),
              spectrum.phase.size());
}

/// Vectors are made here, at their size, or copied: std's functions that assign or lengthen one are code that the
/// linker may take from another file, compiled for a newer processor.
PHASOR_NOINLINE inline std::vector<double> zeros(std::size_t count) { return std::vector<double>(count); }

/// x[first ... first+count-1], then y.
inline std::vector<double> part_and(const std::vector<double>& x, std::size_t first, std::size_t count,
                                    const std::vector<double>& y = {}) {
  std::vector<double> numbers = zeros(count + y.size());
  for (std::size_t k = 0; k < count; ++k) numbers[k] = x[first + k];
  for (std::size_t k = 0; k < y.size(); ++k) numbers[count + k] = y[k];
  return numbers;
}

/// Each finite number becomes function(it), rounded to nearest.
template <typename Function>
void replace(std::vector<double>& numbers, const Function& function) {
  for (double& x : numbers)
    if (is_finite(x)) x = nearest(function(wide(x)));
}

template <typename Range>
std::vector<double> listed(const Range& range) {
  static_assert(
      is_range_of_numbers<Range>,
      "phasor: frequencies and phases must be a range, a braced list or an Eigen vector (of a matrix: W.col(0))");
  if constexpr (is_range_of_numbers<Range>) {
    std::vector<double> numbers = zeros(static_cast<std::size_t>(std::size(range)));
    auto next = std::begin(range);
    for (double& number : numbers) number = static_cast<double>(*next++);
    return numbers;
  } else {
    return {};  // refused above
  }
}

/// `count` numbers in equal ratios: `first`, and from it to 2^logarithm times that in so many steps.
inline std::vector<double> powers(Index count, Wide first, const Wide& logarithm, const Wide& steps) {
  refuse_unless(count >= 0, "count must be >= 0", count);
  if (count > 0) refuse_unless_dim("count", count);
  std::vector<double> numbers = zeros(static_cast<std::size_t>(count));
  const Wide ratio = count > 1 ? exponential(logarithm / steps) : wide(1);
  for (double& number : numbers) {
    number = nearest(first);
    first = first * ratio;
  }
  return numbers;
}

}  // namespace detail

/// Frequencies or phases, as the functions below take them: a range (std::vector, std::array, a C array, ...), a braced
/// list, or an Eigen vector expression; of any type that converts to double.
struct Numbers {
  std::vector<double> values;

  Numbers(std::vector<double>&& numbers) : values(std::move(numbers)) {}
  Numbers(std::initializer_list<double> numbers) : values(detail::listed(numbers)) {}
  template <typename Range>
  Numbers(const Range& range) : values(detail::listed(range)) {}
};

namespace detail {

/// A column of each frequency with each phase: those of one phase side by side, or those of one frequency.
inline Spectrum waves(const Numbers& frequency, std::initializer_list<double> phases, bool is_by_frequency = false) {
  const std::size_t count = frequency.values.size(), all = count * phases.size();
  Spectrum spectrum = {zeros(all), zeros(all)};
  for (std::size_t i = 0; i < phases.size(); ++i) {
    for (std::size_t j = 0; j < count; ++j) {
      const std::size_t k = is_by_frequency ? j * phases.size() + i : i * count + j;
      spectrum.frequency[k] = frequency.values[j];
      spectrum.phase[k] = phases.begin()[i];
    }
  }
  return spectrum;
}

}  // namespace detail

/// dim / 2, rounded down: the number of waves behind `dim` columns. Throws std::invalid_argument unless dim > 0 (and,
/// as of every dim and count below, at most PTRDIFF_MAX / 32).
inline Index half_of(Index dim) {
  detail::refuse_unless_dim("dim", dim);
  return dim / 2;
}

/// dim / 2, for conventions that need even dimensions. Throws std::invalid_argument unless dim is even and > 0.
inline Index half_of_even(Index dim) {
  detail::refuse_unless(dim > 0 && dim % 2 == 0, "dim must be even and > 0", dim);
  return half_of(dim);
}

/// `count` frequencies in turns, of angular frequencies scale * base^(-j / (count - shift)), j = 0 ... count-1: from
/// `scale` in equal ratios towards scale / base (if shift < count). shift = 0 stops one step short of it, shift = 1
/// ends on it. `base` is what others call max_period, max_positions, theta or max_timescale. Each is the double nearest
/// to the exact value, but for a tie in 2^40 or so; beyond the largest double, an infinity, which an embedding refuses.
/// Throws std::invalid_argument unless count >= 0, base is finite and > 0, shift and scale are finite, and count !=
/// shift when count > 1.
inline std::vector<double> geometric(Index count, double base, double shift = 0, double scale = 1) {
  detail::refuse_unless_positive("base", base);
  detail::refuse_unless_finite("shift", shift);
  detail::refuse_unless_finite("scale", scale);
  const detail::Wide steps = detail::wide(static_cast<double>(count)) + -detail::wide(shift);
  detail::refuse_unless(count <= 1 || steps.fraction.high > 0, "shift must differ from the number of frequencies",
                        shift);
  return detail::powers(count, detail::wide(scale) * detail::inverse_of_two_pi, -detail::logarithm(detail::wide(base)),
                        steps);
}

/// `count` frequencies in turns, in equal ratios from `first` to `last`, both included, as they are, if count > 1;
/// rounded likewise. Throws std::invalid_argument unless count >= 0 and both are finite and > 0.
inline std::vector<double> geomspace(Index count, double first, double last) {
  detail::refuse_unless_positive("first", first);
  detail::refuse_unless_positive("last", last);
  return detail::powers(count, detail::wide(first), detail::logarithm(detail::wide(last) / detail::wide(first)),
                        detail::wide(static_cast<double>(count)) + detail::wide(-1));
}

/// Numbers in radians as turns: divided by 2pi, rounded to nearest. For buffers that hold angular frequencies, or
/// phases in radians.
inline std::vector<double> from_radians(Numbers radians) {
  detail::replace(radians.values, [](const detail::Wide& x) { return x * detail::inverse_of_two_pi; });
  return std::move(radians.values);
}

/// [sin f0, sin f1, ...].
inline Spectrum sines(const Numbers& frequency) { return detail::waves(frequency, {0}); }

/// [cos f0, cos f1, ...].
inline Spectrum cosines(const Numbers& frequency) { return detail::waves(frequency, {0.25}); }

/// [sin f0, sin f1, ... | cos f0, cos f1, ...].
inline Spectrum sines_then_cosines(const Numbers& frequency) { return detail::waves(frequency, {0, 0.25}); }

/// [cos f0, cos f1, ... | sin f0, sin f1, ...].
inline Spectrum cosines_then_sines(const Numbers& frequency) { return detail::waves(frequency, {0.25, 0}); }

/// [sin f0, cos f0, sin f1, cos f1, ...].
inline Spectrum interleaved(const Numbers& frequency) { return detail::waves(frequency, {0, 0.25}, true); }

/// [cos f0, sin f0, cos f1, sin f1, ...].
inline Spectrum interleaved_cosines_first(const Numbers& frequency) {
  return detail::waves(frequency, {0.25, 0}, true);
}

/// The columns of `left`, then those of `right`.
/// Throws std::invalid_argument unless each has as many phases as frequencies.
inline Spectrum joined(const Spectrum& left, const Spectrum& right) {
  detail::refuse_unless_same_size(left);
  detail::refuse_unless_same_size(right);
  const std::size_t count = left.frequency.size();
  return {detail::part_and(left.frequency, 0, count, right.frequency),
          detail::part_and(left.phase, 0, count, right.phase)};
}

/// `spectrum` with columns of zeros after it, up to `dim` columns. Throws std::invalid_argument unless dim > 0, dim >=
/// the number of columns, and there are as many phases as frequencies.
inline Spectrum padded(Spectrum spectrum, Index dim) {
  detail::refuse_unless_same_size(spectrum);
  detail::refuse_unless_dim("dim", dim);
  const std::size_t columns = spectrum.frequency.size(), wanted = static_cast<std::size_t>(dim);
  if (wanted < columns) detail::refuse_as("dim must be at least %zu, the number of columns, got %td", columns, dim);
  if (wanted == columns) return spectrum;
  return joined(spectrum, {detail::zeros(wanted - columns), detail::zeros(wanted - columns)});
}

/// `count` columns of `spectrum`, from column `first` on. Throws std::invalid_argument unless first >= 0, count >= 0,
/// there are first + count columns, and as many phases as frequencies.
inline Spectrum columns(const Spectrum& spectrum, Index first, Index count) {
  detail::refuse_unless_same_size(spectrum);
  const auto dim = static_cast<Index>(spectrum.frequency.size());
  if (first < 0 || count < 0 || first > dim || count > dim - first)
    detail::refuse_as(
        "first and count must be >= 0 and first + count at most %td, the number of columns, got %td and %td", dim,
        first, count);
  const auto begin = static_cast<std::size_t>(first), size = static_cast<std::size_t>(count);
  return {detail::part_and(spectrum.frequency, begin, size), detail::part_and(spectrum.phase, begin, size)};
}

/// `spectrum` for timesteps that are first multiplied by `scale`: every frequency times `scale`, rounded to nearest;
/// phases as they are. Throws std::invalid_argument unless scale is finite.
inline Spectrum scaled(Spectrum spectrum, double scale) {
  detail::refuse_unless_finite("scale", scale);
  detail::replace(spectrum.frequency, [&](const detail::Wide& f) { return f * detail::wide(scale); });
  return spectrum;
}

/// Column k of d out / d t is that of the embedding of this, times 2pi * frequency[k]: every phase is a quarter turn
/// further, rounded to nearest. The error before that factor is max_error, for the phases as they are then stored. (A
/// column of frequency 0 becomes a constant, which the factor makes 0.)
inline Spectrum derivative(Spectrum spectrum) {
  detail::replace(spectrum.phase, [](const detail::Wide& phase) { return phase + detail::wide(0.25); });
  return spectrum;
}

}}  // namespace phasor::PHASOR_NAMESPACE
