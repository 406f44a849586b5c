// phasor: the columns of a timestep embedding, and the words that build them.
//
// Units: frequencies are in turns per unit of t (a wave of angular frequency w has frequency w / 2pi), phases are in turns
// (0 makes a sine, 1/4 a cosine). A column of frequency 0 and phase 0 is zero.
#pragma once

#include <initializer_list>
#include <phasor/detail/wide.hpp>
#include <type_traits>
#include <utility>
#include <vector>

namespace phasor { inline namespace PHASOR_NAMESPACE {

/// The columns of an embedding: column k is sin(2pi (t * frequency[k] + phase[k])).
/// Both vectors have one entry for each column.
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

/// `count` numbers in equal ratios: `first`, and from it to e^log_ratio times that in so many steps.
inline std::vector<double> powers(Index count, Wide first, const Wide& log_ratio, const Wide& steps) {
  refuse_unless(count >= 0, "count must be >= 0", count);
  std::vector<double> numbers(static_cast<std::size_t>(count));
  const Wide ratio = count > 1 ? exponential(quotient(log_ratio, steps)) : Wide{};
  for (double& number : numbers) {
    number = first.high;
    first = product(first, ratio);
  }
  return numbers;
}

inline void refuse_unless_same_size(const Spectrum& spectrum) {
  if (spectrum.phase.size() != spectrum.frequency.size())
    refuse("phase must have " + std::to_string(spectrum.frequency.size()) + " entries, as frequency has",
           static_cast<Index>(spectrum.phase.size()));
}

}  // namespace detail

/// Frequencies or phases, as the functions below take them: a range (std::vector, std::array, a C array, ...), a braced
/// list, or an Eigen vector expression; of any type that converts to double.
struct Numbers : std::vector<double> {
  Numbers(std::vector<double> numbers) : std::vector<double>(std::move(numbers)) {}
  Numbers(std::initializer_list<double> numbers) : std::vector<double>(numbers) {}
  template <typename Range, typename = std::enable_if_t<!std::is_base_of_v<std::vector<double>, Range>>>
  Numbers(const Range& range) {
    static_assert(
        detail::is_range_of_numbers<Range>,
        "phasor: frequencies and phases must be a range, a braced list or an Eigen vector (of a matrix: W.col(0))");
    if constexpr (detail::is_range_of_numbers<Range>)
      for (const auto& number : range) push_back(static_cast<double>(number));
  }
};

/// dim / 2, rounded down: the number of waves behind `dim` columns. Throws std::invalid_argument unless dim > 0.
inline Index half_of(Index dim) {
  detail::refuse_unless(dim > 0, "dim must be > 0", dim);
  return dim / 2;
}

/// dim / 2, for conventions that need even dimensions. Throws std::invalid_argument unless dim is even and > 0.
inline Index half_of_even(Index dim) {
  detail::refuse_unless(dim > 0 && dim % 2 == 0, "dim must be even and > 0", dim);
  return dim / 2;
}

/// `count` frequencies in turns, of angular frequencies scale * base^(-j / (count - shift)), j = 0 ... count-1: from
/// `scale` in equal ratios towards scale / base (if shift < count). shift = 0 stops one step short of it, shift = 1 ends
/// on it. `base` is what others call max_period, max_positions, theta or max_timescale. Each is the double nearest to the
/// exact value, but for a tie in 2^40 or so. Throws std::invalid_argument unless count >= 0, base is finite and > 0,
/// shift and scale are finite, and count != shift when count > 1.
inline std::vector<double> geometric(Index count, double base, double shift = 0, double scale = 1) {
  detail::refuse_unless_positive("base", base);
  detail::refuse_unless_finite("shift", shift);
  detail::refuse_unless_finite("scale", scale);
  const detail::Wide steps = detail::sum(static_cast<double>(count), -shift);
  detail::refuse_unless(count <= 1 || !detail::is_zero(steps.high), "shift must differ from the number of frequencies",
                        shift);
  return detail::powers(count, detail::quotient({scale, 0}, detail::two_pi), -detail::logarithm(base), steps);
}

/// `count` frequencies in turns, in equal ratios from `first` to `last`, both included if count > 1; rounded likewise.
/// Throws std::invalid_argument unless count >= 0 and both are finite and > 0.
inline std::vector<double> geomspace(Index count, double first, double last) {
  detail::refuse_unless_positive("first", first);
  detail::refuse_unless_positive("last", last);
  return detail::powers(count, {first, 0}, detail::sum(detail::logarithm(last), -detail::logarithm(first)),
                        {static_cast<double>(count - 1), 0});
}

/// Numbers in radians as turns: divided by 2pi. For buffers that hold angular frequencies, or phases in radians.
inline std::vector<double> from_radians(const Numbers& radians) {
  std::vector<double> numbers = radians;
  for (double& x : numbers) x = detail::quotient({x, 0}, detail::two_pi).high;
  return numbers;
}

/// One sine for each frequency: [sin f0, sin f1, ...].
inline Spectrum sines(const Numbers& frequency) { return {frequency, std::vector<double>(frequency.size(), 0)}; }

/// One cosine for each frequency: [cos f0, cos f1, ...].
inline Spectrum cosines(const Numbers& frequency) { return {frequency, std::vector<double>(frequency.size(), 0.25)}; }

/// The columns of `left`, then those of `right`.
/// Throws std::invalid_argument unless each has as many phases as frequencies.
inline Spectrum joined(Spectrum left, const Spectrum& right) {
  detail::refuse_unless_same_size(left);
  detail::refuse_unless_same_size(right);
  left.frequency.insert(left.frequency.end(), right.frequency.begin(), right.frequency.end());
  left.phase.insert(left.phase.end(), right.phase.begin(), right.phase.end());
  return left;
}

/// [sin f0, sin f1, ... | cos f0, cos f1, ...].
inline Spectrum sines_then_cosines(const Numbers& frequency) { return joined(sines(frequency), cosines(frequency)); }

/// [cos f0, cos f1, ... | sin f0, sin f1, ...].
inline Spectrum cosines_then_sines(const Numbers& frequency) { return joined(cosines(frequency), sines(frequency)); }

/// [sin f0, cos f0, sin f1, cos f1, ...].
inline Spectrum interleaved(const Numbers& frequency) {
  Spectrum both;
  for (const double& f : frequency) {
    both.frequency.insert(both.frequency.end(), {f, f});
    both.phase.insert(both.phase.end(), {0, 0.25});
  }
  return both;
}

/// `spectrum` with columns of zeros after it, up to `dim` columns.
/// Throws std::invalid_argument unless dim > 0 and dim >= the number of columns.
inline Spectrum padded(Spectrum spectrum, Index dim) {
  detail::refuse_unless_same_size(spectrum);
  detail::refuse_unless(dim > 0, "dim must be > 0", dim);
  const auto columns = spectrum.frequency.size(), wanted = static_cast<std::size_t>(dim);
  if (wanted < columns)
    detail::refuse("dim must be at least " + std::to_string(columns) + ", the number of columns", dim);
  spectrum.frequency.resize(wanted);
  spectrum.phase.resize(wanted);
  return spectrum;
}

/// `count` columns of `spectrum`, from column `first` on.
/// Throws std::invalid_argument unless first >= 0, count >= 0 and the spectrum has first + count columns.
inline Spectrum columns(const Spectrum& spectrum, Index first, Index count) {
  detail::refuse_unless_same_size(spectrum);
  const auto dim = static_cast<Index>(spectrum.frequency.size());
  detail::refuse_unless(first >= 0 && first <= dim, "first must be >= 0 and at most the number of columns", first);
  detail::refuse_unless(count >= 0 && count <= dim - first,
                        "count must be >= 0, and first + count at most the number of columns", count);
  const auto part = [&](const std::vector<double>& all) {
    return std::vector<double>(all.begin() + first, all.begin() + first + count);
  };
  return {part(spectrum.frequency), part(spectrum.phase)};
}

/// `spectrum` for timesteps that are first multiplied by `scale`: every frequency times `scale`, phases as they are.
/// Throws std::invalid_argument unless scale is finite.
inline Spectrum scaled(Spectrum spectrum, double scale) {
  detail::refuse_unless_finite("scale", scale);
  for (double& f : spectrum.frequency) f *= scale;
  return spectrum;
}

/// Column k of d out / d t is that of the embedding of this, times 2pi * frequency[k]: every phase is a quarter turn
/// further. The error before that factor is max_error, for the phases as they are then stored.
/// (A column of frequency 0 becomes a constant, which the factor makes 0.)
inline Spectrum derivative(Spectrum spectrum) {
  for (double& phase : spectrum.phase) phase += 0.25;
  return spectrum;
}

}}  // namespace phasor::PHASOR_NAMESPACE
