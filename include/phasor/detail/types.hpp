// phasor: the words of everything in detail/. Read this first.
//
//   time     a timestep t, as a double
//   wave     a frequency f and a phase, in turns. A plain wave makes a column of its sine, one of its cosine, or both;
//            a phased wave has a phase of its own, and makes one column, a sine
//   group    waves whose columns stand side by side, or are scattered; a run if its sines stand side by side and, of
//            plain waves, as many cosines; small if it has fewer than min_waves
//   line     angles that are computed together: a row of a group, or a column
//   angle    t f + phase, as n sixteenths of a turn and r turns more, |r| <= 1/32 and a little more
//   direct   reduced to n and r in Real, float or double. Where |t| times the fastest f of the group is too large for
//            that, an f is extreme, or there is no FMA, floats are reduced in double as far as that reaches, and all
//            else in integers
#pragma once

#include <phasor/detail/checks.hpp>
#include <type_traits>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

inline constexpr std::size_t cache_line = 64;      ///< bytes
inline constexpr Index max_lanes = 16;             ///< of a vector
inline constexpr Index max_times = 256;            ///< of a block: what a kernel is given at once
inline constexpr Index max_waves = 256;            ///< of a group
inline constexpr Index min_waves = 16;             ///< of a group that is not small: those fill a vector of any target
inline constexpr std::size_t max_streamed = 4096;  ///< bytes of rows that are streamed together, by way of scratch
static_assert(max_times == max_waves && max_times % max_lanes == 0, "both are lines of Angles");
static_assert(min_waves >= max_lanes, "");

/// How many of `left` things to take now: `most` at most, and so many that none or at least `least` are left then.
constexpr Index first_part(Index left, Index most, Index least) {
  return left <= most ? left : left - most < least ? most - least : most;
}

/// The bits of Real, float or double.
template <typename Real>
using Word = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;

/// 1.5 * 2^(fraction bits - 4): where numbers of type Real are 1/16 apart.
template <typename Real>
inline constexpr Real magic = static_cast<Real>(sizeof(Real) == 4 ? 0x1.8p19 : 0x1.8p48);

/// The high part of a phase is a multiple of this, so that it minus n/16 is exact in float, while |n/16| <=
/// float_reach.
inline constexpr double phase_step = 0x1p-12;

/// The largest |t f|, in turns, that is reduced in floating-point.
inline constexpr double float_reach = 0x1p11,  // floats, directly: with FMA only
    in_double_reach = 0x1p20,                  // floats, in double
    double_reach = 0x1p20;                     // doubles, directly: with FMA only
static_assert(float_reach / phase_step <= 0x1p23, "");

inline constexpr Index nowhere = -1,  ///< the column of what nobody asked for
    scattered = -2;                   ///< of columns that do not stand side by side

struct Wave {
  double f, phase;
  Index sin, cos;  ///< its columns, or nowhere; the same, of a phased wave
};

/// How a kernel stores outputs: the sum of some of these.
inline constexpr unsigned store_interleaved = 1,  ///< sines and cosines in turn, all from `sin` on
    store_streamed = 2;                           ///< past the caches, in whole cache lines

struct Group {
  bool phased;
  unsigned stores;     ///< how a kernel stores rows of a run
  Index first, count;  ///< its waves
  Index sin, cos;      ///< columns of the first wave, if side by side (nowhere, if no wave has one); or scattered
  /// Limits of |t|, by the bits of a double: below the first, angles are reduced directly; from the second on in
  /// integers; between them, floats in double.
  std::uint64_t direct_below, integers_from;

  bool is_run() const { return sin >= 0 && cos >= 0; }
};

/// What a kernel reads of waves: arrays with an entry for each, and max_lanes zeros behind the last.
template <typename Real>
struct Waves {
  const double *f, *phase;     ///< phase: beyond its nearest sixteenth, |phase| <= 1/32
  const Real *f_high, *f_low;  ///< f = f_high + f_low, nearly; doubles have no low part
  const Real *phase_high, *phase_low;
  const Real* rounder;  ///< added to t f, it rounds the sum to sixteenths, and counts those of the phase
};

/// By which reductions some |t| go: the sum of some of these.
inline constexpr unsigned directly = 1, in_double = 2, in_integers = 4;

PHASOR_INLINE unsigned reduction_of(const double& t, const Group& group) {
  const std::uint64_t size = magnitude(t);
  return size < group.direct_below ? directly : size < group.integers_from ? in_double : in_integers;
}

/// From this |t| on all is reduced in integers: a float need not hold such a t.
inline constexpr double split_below = 0x1p53;

/// A line of angles: of one timestep and some waves (a row), or of some timesteps and one wave (a column).
template <typename Real>
struct Line {
  bool is_row;
  Index count;
  const double* t;
  const Real *t_high, *t_low;       ///< t = t_high (1 + t_low), nearly
  bool has_low;                     ///< some t_low counts
  const unsigned char* reductions;  ///< one for each vector of a column, one for a row; null if all go directly
  const Waves<Real>* waves;
  Index first;  ///< wave
};

/// What a target offers; loops.hpp ends with it. Sines of a row or a column stand side by side, and cosines, unless
/// stored in turn. Rows and columns are written in whole vectors: there is room for one, even if outputs are fewer. Of
/// phased waves `cos` is not used.
template <typename Real, typename Output>
struct Kernel {
  /// A row of a group of plain waves [0] or phased ones [1].
  void (*row[2])(const Waves<Real>&, const Group&, const double& t, Output* sin, Output* cos, unsigned stores);
  /// Rows, two in a vector, of a group of plain waves that is a run and fills half a vector (and so stands twice in the
  /// arrays). The line is the group's first column, of at least two timesteps, which all go directly. Null without FMA.
  void (*pairs)(const Line<Real>& line, const Group&, Output* sin, Output* cos, Index stride);
  /// Columns, of waves from line.first on, `stride` outputs apart.
  void (*columns[2])(Line<Real> line, const Group&, Index columns, Output* sin, Output* cos, Index stride,
                     unsigned stores);
  /// Splits timesteps into high, low and has_low of a Line; returns the largest |t|, by its bits. Puts zeros behind, up
  /// to a multiple of max_lanes. Nothing in `low` counts unless has_low.
  std::uint64_t (*split)(const double* t, Index count, Real* high, Real* low, bool& has_low);
  /// Copies, past the caches where that is whole cache lines.
  void (*stream)(char* to, const char* from, std::size_t bytes);
  Index lanes;
  bool fuses;  ///< has a fused multiply-add
};

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
