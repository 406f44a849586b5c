// phasor: the columns of a timestep embedding, and the words that build them.
//
// Units: frequencies are in turns per unit of t (a wave of angular frequency w has frequency w / 2π),
// phases are in turns (0 makes a sine, 1/4 a cosine). A column of frequency 0 and phase 0 is zero.
#pragma once

#include <cmath>
#include <phasor/detail/check.hpp>

namespace phasor {

using Index = Eigen::Index;  ///< of rows, of columns, and how many

/// The columns of an embedding: column k is sin(2π (t · frequency[k] + phase[k])).
/// Both arrays have one entry a column.
struct Spectrum {
  Eigen::ArrayXd frequency;  ///< turns per unit of t
  Eigen::ArrayXd phase;      ///< turns
};

/// dim / 2, rounded down: the number of waves behind `dim` columns. Throws std::invalid_argument unless dim > 0.
inline Index half_of(Index dim);

/// dim / 2, for conventions that need even dimensions. Throws std::invalid_argument unless dim is even and > 0.
inline Index half_of_even(Index dim);

/// `count` frequencies in turns, of angular frequencies base^(-j / (count - shift)), j = 0 … count-1: from 1 in equal
/// ratios towards 1/base (if shift < count). shift = 0 stops one step short of 1/base, shift = 1 ends on it. `base` is
/// what others call max_period, max_positions, theta or max_timescale. Throws std::invalid_argument unless count >= 0,
/// base is finite and > 0, shift is finite, and count != shift when count > 1.
inline Eigen::ArrayXd geometric(Index count, double base, double shift = 0);

/// One sine a frequency: [sin f0, sin f1, …].
inline Spectrum sines(const Eigen::ArrayXd& frequency);

/// One cosine a frequency: [cos f0, cos f1, …].
inline Spectrum cosines(const Eigen::ArrayXd& frequency);

/// The columns of `left`, then those of `right`.
/// Throws std::invalid_argument unless each has as many phases as frequencies.
inline Spectrum joined(const Spectrum& left, const Spectrum& right);

/// [sin f0, sin f1, … | cos f0, cos f1, …].
inline Spectrum sines_then_cosines(const Eigen::ArrayXd& frequency);

/// [cos f0, cos f1, … | sin f0, sin f1, …].
inline Spectrum cosines_then_sines(const Eigen::ArrayXd& frequency);

/// [sin f0, cos f0, sin f1, cos f1, …].
inline Spectrum interleaved(const Eigen::ArrayXd& frequency);

/// `spectrum` with columns of zeros after it, up to `dim` columns.
/// Throws std::invalid_argument unless dim > 0 and dim >= the number of columns.
inline Spectrum padded(const Spectrum& spectrum, Index dim);

/// `spectrum` for timesteps that are first multiplied by `scale`: every frequency times `scale`, phases as they are.
/// (A scale that is not finite shows when an embedding is made of the result.)
inline Spectrum scaled(Spectrum spectrum, double scale);

/// Column k of d out / d t is that of the embedding of this, times 2π · frequency[k]: every phase is a quarter turn
/// further. The error before that factor is max_error, for the phases as they are then stored. In Eigen's words:
///
///     Eigen::ArrayXXf slope = embedding.embed(t).array().rowwise() *
///                             (2 * EIGEN_PI * embedding.spectrum().frequency).cast<float>().transpose();
///
/// (A column of frequency 0 becomes a constant, which the factor makes 0.)
inline Spectrum derivative(Spectrum spectrum);

// ---------------------------------------------------------------------------------------------------------------------

namespace detail {

inline constexpr double pi = 3.14159265358979323846;

inline void require_same_size(Index frequencies, Index phases) {
  if (phases != frequencies) {
    fail("phase must have " + std::to_string(frequencies) + " entries, as frequency has", phases);
  }
}

}  // namespace detail

inline Index half_of(Index dim) {
  detail::require(dim > 0, "dim must be > 0", dim);
  return dim / 2;
}

inline Index half_of_even(Index dim) {
  detail::require(dim > 0 && dim % 2 == 0, "dim must be even and > 0", dim);
  return dim / 2;
}

inline Eigen::ArrayXd geometric(Index count, double base, double shift) {
  detail::require(count >= 0, "count must be >= 0", count);
  detail::require_positive("base", base);
  detail::require(detail::is_finite(shift), "shift must be finite", shift);
  const double steps = static_cast<double>(count) - shift;
  detail::require(count <= 1 || steps != 0, "shift must differ from the number of frequencies", shift);
  Eigen::ArrayXd frequency(count);
  for (Index j = 0; j < count; ++j) {
    frequency[j] = (j == 0 ? 1 : std::pow(base, -static_cast<double>(j) / steps)) / (2 * detail::pi);
  }
  return frequency;
}

inline Spectrum sines(const Eigen::ArrayXd& frequency) {
  return {frequency, Eigen::ArrayXd::Constant(frequency.size(), 0)};
}

inline Spectrum cosines(const Eigen::ArrayXd& frequency) {
  return {frequency, Eigen::ArrayXd::Constant(frequency.size(), 0.25)};
}

inline Spectrum joined(const Spectrum& left, const Spectrum& right) {
  for (const Spectrum* side : {&left, &right}) detail::require_same_size(side->frequency.size(), side->phase.size());
  Spectrum both{Eigen::ArrayXd(left.frequency.size() + right.frequency.size()),
                Eigen::ArrayXd(left.phase.size() + right.phase.size())};
  both.frequency << left.frequency, right.frequency;
  both.phase << left.phase, right.phase;
  return both;
}

inline Spectrum sines_then_cosines(const Eigen::ArrayXd& frequency) {
  return joined(sines(frequency), cosines(frequency));
}

inline Spectrum cosines_then_sines(const Eigen::ArrayXd& frequency) {
  return joined(cosines(frequency), sines(frequency));
}

inline Spectrum interleaved(const Eigen::ArrayXd& frequency) {
  Spectrum both{Eigen::ArrayXd(2 * frequency.size()), Eigen::ArrayXd(2 * frequency.size())};
  for (Index j = 0; j < frequency.size(); ++j) {
    both.frequency.segment<2>(2 * j).setConstant(frequency[j]);
    both.phase.segment<2>(2 * j) << 0, 0.25;
  }
  return both;
}

inline Spectrum padded(const Spectrum& spectrum, Index dim) {
  detail::require(dim > 0, "dim must be > 0", dim);
  const Index columns = spectrum.frequency.size();
  if (dim < columns) detail::fail("dim must be at least " + std::to_string(columns) + ", the number of columns", dim);
  return joined(spectrum, sines(Eigen::ArrayXd::Zero(dim - columns)));
}

inline Spectrum scaled(Spectrum spectrum, double scale) {
  spectrum.frequency *= scale;
  return spectrum;
}

inline Spectrum derivative(Spectrum spectrum) {
  spectrum.phase += 0.25;
  return spectrum;
}

}  // namespace phasor
