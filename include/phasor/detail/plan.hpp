// phasor: a Spectrum sorted into groups of waves, and split into the numbers that kernels read: the same for all that fuse,
// and for all that do not.
#pragma once

#include <algorithm>
#include <cmath>
#include <phasor/spectrum.hpp>
#include <type_traits>
#include <vector>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// A timestep: t + rest, where rest is what a 64-bit integer has more than the double t, and else 0. As floats, a (1 + b).
struct Step {
  double t, rest;
  float a, b;
};

/// The bits of Real, float or double.
template <typename Real>
using Word = std::conditional_t<sizeof(Real) == 4, std::uint32_t, std::uint64_t>;

/// 1.5 * 2^(fraction bits - 4): where numbers of type Real are 1/16 apart.
template <typename Real>
inline constexpr Real magic = static_cast<Real>(sizeof(Real) == 4 ? 0x1.8p19 : 0x1.8p48);

/// The high part of a phase is a multiple of this, so that a float holds it minus n/16, while |n/16| is within float_reach.
inline constexpr double phase_step = 0x1p-12;

/// The largest |t f|, in turns, that is reduced in floating-point; beyond, exact.hpp does.
inline constexpr double float_reach = 0x1p11,      // floats, with FMA
    in_double_reach = 0x1p20,                      // floats, in double
    double_reach = 0x1p20, halves_reach = 0x1p18;  // doubles, with FMA and without
static_assert(float_reach / phase_step <= 0x1p23, "");

/// A wave is a sine of its own, or a pair of a sine and a cosine. Waves of a group are written as
enum class Form {
  single,  ///< sines, side by side
  apart,   ///< pairs: sines side by side, and cosines
  zipped   ///< pairs: sine, cosine, sine, ...
};

inline constexpr Index most_waves = 512;  ///< of a group
inline constexpr Index most_lanes = 16;   ///< of a vector, and the fewest waves of a group that is not scattered
inline constexpr Index most_steps = 256;  ///< that a kernel is given at once

struct Group {
  Form form;
  bool scattered;      ///< columns are not side by side, or too few
  bool streams;        ///< past the caches as they are computed: a plan's groups do not
  Index first, count;  ///< its waves
  /// Limits of |t|, by the bits of a double: below the first, angles are reduced in the precision of the output; floats,
  /// below the second, in double; and all others in integers.
  std::uint64_t direct_below, in_double_below;
};

/// The outputs of a group that stand side by side: sines, or sines and cosines.
PHASOR_INLINE Index side_by_side(const Group& group) {
  return group.form == Form::zipped ? 2 * group.count : group.count;
}

/// The first wave whose output begins a cache line, where waves go to `out` and on. A vector that is stored across lines
/// takes two of them. (In the first cache, and of 16 bits, that costs less than one more vector for a row does.)
template <typename Output>
PHASOR_INLINE Index head_of(const Output* out, Form form) {
  if (sizeof(Output) == 2) return 0;
  const auto bytes = static_cast<Index>(-reinterpret_cast<std::uintptr_t>(out) & 63);
  return bytes / static_cast<Index>(sizeof(Output)) >> (form == Form::zipped ? 1 : 0);
}
inline constexpr Index first_cache = 32 << 10;  ///< bytes, below which rows need no such wave

PHASOR_INLINE bool are_same(const Step& x, const Step& y) {
  return bits(x.t) == bits(y.t) && bits(x.rest) == bits(y.rest);
}

/// Where the sine and the cosine of a wave go; those of a single wave are equal.
struct Place {
  Index sin, cos;
};

/// What a kernel reads: arrays with one entry for each wave, and most_lanes zeros behind.
template <typename Real>
struct Table {
  const Group* groups;
  Index group_count;
  const Index* zeros;  ///< columns of zeros
  Index zero_count;
  const Place* places;
  const double *f, *phase;  ///< turns. Of a phase, what it is more than the nearest sixteenth: |phase| <= 1/32
  const Real *f_high, *f_low, *phase_high, *phase_low;  ///< f = high + low: see kernel.hpp's Two
  const Real* to_n;                                     ///< magic + the sixteenths of the phase, which are its low bits
};

template <typename Real>
class Plan {
 public:
  /// `fuses`: for a kernel that has a fused multiply-add.
  Plan(Spectrum given, bool fuses) : spectrum(plausible(std::move(given))), columns_(spectrum.frequency.size()) {
    for (std::size_t k = 0; k < columns_.size(); ++k) columns_[k] = column_of(spectrum.frequency[k], spectrum.phase[k]);
    find_partners();
    find_groups();
    fill_arrays(fuses);
    for (Group& group : groups_) set_limits(group, fuses);
  }
  Plan(const Plan&) = delete;

  const Spectrum spectrum;
  Table<Real> table{};

 private:
  struct Column {
    double f, phase;  ///< phase in (-1/2, 1/2)
    bool is_sine, is_cosine;
    Index partner;  ///< the column that is its cosine or its sine, or -1
  };

  static Spectrum plausible(Spectrum spectrum) {
    refuse_unless(!spectrum.frequency.empty(), "the number of columns must be > 0", Index(0));
    refuse_unless_same_size(spectrum);
    for (const auto* numbers : {&spectrum.frequency, &spectrum.phase}) {
      const std::string name = numbers == &spectrum.frequency ? "frequency[" : "phase[";
      for (std::size_t k = 0; k < numbers->size(); ++k)
        if (!is_finite((*numbers)[k])) refuse(name + std::to_string(k) + "] must be finite", (*numbers)[k]);
    }
    return spectrum;
  }

  static Column column_of(double f, const double& phase) {
    // A denormal phase counts as zero, since arithmetic may flush it.
    double turn = (bits(phase) >> 52 & 0x7ff) == 0 ? 0 : std::remainder(phase, 1.);
    if (std::fabs(turn) >= 0.5) {  // sin(x + pi) = sin(-x), which may have a partner
      f = -f;
      turn = 0;
    }
    return {f, turn, is_zero(turn), bits(turn) == bits(0.25), -1};
  }

  /// Pairs sines with cosines of the same |f|: the first with the first, and so on.
  void find_partners() {
    std::vector<Index> sines, cosines;
    for (Index k = 0; k < static_cast<Index>(columns_.size()); ++k) {
      if (column(k).is_sine) sines.push_back(k);
      if (column(k).is_cosine) cosines.push_back(k);
    }
    const auto speed = [&](Index k) { return magnitude(column(k).f); };
    const auto is_slower = [&](Index i, Index k) { return speed(i) != speed(k) ? speed(i) < speed(k) : i < k; };
    std::sort(sines.begin(), sines.end(), is_slower);
    std::sort(cosines.begin(), cosines.end(), is_slower);
    for (auto sine = sines.begin(), cosine = cosines.begin(); sine != sines.end() && cosine != cosines.end();) {
      if (speed(*sine) == speed(*cosine)) {
        column(*sine).partner = *cosine;
        column(*cosine++).partner = *sine++;
      } else {
        ++(speed(*sine) < speed(*cosine) ? sine : cosine);
      }
    }
  }

  /// Sorts waves into groups: runs whose columns are side by side; what is left is scattered.
  void find_groups() {
    std::vector<Place> pairs, singles, scattered;
    for (Index k = 0; k < static_cast<Index>(columns_.size()); ++k) {
      const Index partner = column(k).partner;
      if (partner < 0 && column(k).is_sine && is_zero(column(k).f)) {
        zeros_.push_back(k);
      } else if (partner < 0) {
        singles.push_back({k, k});
      } else if (partner > k) {
        pairs.push_back(column(k).is_sine ? Place{k, partner} : Place{partner, k});
      }
    }
    for (const std::vector<Place>* waves : {&pairs, &singles}) {
      const Form form = waves == &pairs ? Form::apart : Form::single;
      const Place* const end = waves->data() + waves->size();
      scattered.clear();
      for (const Place *first = waves->data(), *last = first; first != end; first = last) {
        const Index step = form == Form::apart && first->cos == first->sin + 1 ? 2 : 1;
        while (last != end && last->sin == first->sin + step * (last - first) &&
               last->cos == first->cos + step * (last - first))
          ++last;
        if (last - first >= most_lanes) {
          add(first, last - first, step == 2 ? Form::zipped : form, false);
        } else {
          scattered.insert(scattered.end(), first, last);
        }
      }
      add(scattered.data(), static_cast<Index>(scattered.size()), form, true);
    }
  }

  /// Adds these waves, in groups of about the same size.
  void add(const Place* waves, Index count, Form form, bool scattered) {
    const Index pieces = (count + most_waves - 1) / most_waves;
    for (Index i = 0; i < pieces; ++i) {
      const Index begin = count * i / pieces, end = count * (i + 1) / pieces;
      groups_.push_back({form, scattered, false, static_cast<Index>(waves_.size()), end - begin, 0, 0});
      waves_.insert(waves_.end(), waves + begin, waves + end);
    }
  }

  void fill_arrays(bool fuses) {
    const std::size_t count = waves_.size(), padded = (count + 2 * most_lanes - 1) / most_lanes * most_lanes;
    doubles_.resize(2 * padded + most_lanes);
    reals_.resize(5 * padded + most_lanes);
    double *const f = doubles_.data() + head_of(doubles_.data(), Form::apart), *const phase = f + padded;
    Real *const f_high = reals_.data() + head_of(reals_.data(), Form::apart), *const f_low = f_high + padded,
                *const phase_high = f_low + padded, *const phase_low = phase_high + padded,
                *const to_n = phase_low + padded;
    for (std::size_t j = 0; j < count; ++j) {
      const Column& sine = column(waves_[j].sin);
      const double sixteenths = std::nearbyint(sine.phase * 16);
      f[j] = sine.f;
      // stored(): -ffast-math takes double(float(x)) for x
      f_high[j] = stored(static_cast<Real>(sizeof(Real) == 8 && !fuses ? first_26_bits(f[j]) : f[j]));
      f_low[j] = static_cast<Real>(f[j] - static_cast<double>(f_high[j]));
      phase[j] = sine.phase - sixteenths / 16;
      phase_high[j] = static_cast<Real>(std::nearbyint(phase[j] / phase_step) * phase_step);
      phase_low[j] = static_cast<Real>(phase[j] - static_cast<double>(phase_high[j]));
      to_n[j] = magic<Real> + static_cast<Real>(sixteenths / 16);
    }
    table = {groups_.data(), static_cast<Index>(groups_.size()),
             zeros_.data(),  static_cast<Index>(zeros_.size()),
             waves_.data(),  f,
             phase,          f_high,
             f_low,          phase_high,
             phase_low,      to_n};
  }

  void set_limits(Group& group, bool fuses) const {
    double fastest = 0;  // by magnitude(), since a denormal may be flushed
    for (Index j = group.first; j < group.first + group.count; ++j)
      if (magnitude(table.f[j]) > magnitude(fastest)) fastest = table.f[j];
    // Not from |t| = 2^53 on, where an integer may have more digits than a double; nor where all f are denormal, or
    // f > 2^51, at which t may be: arithmetic may flush those.
    const bool is_constant = is_zero(fastest);
    const bool is_ordinary = std::fabs(fastest) >= 0x1p-1022 && std::fabs(fastest) <= 0x1p51;
    const auto limit = [&](double reach) {
      const double most = reach / std::fabs(fastest);
      return bits(is_constant ? 0x1p53 : !is_ordinary ? 0 : most < 0x1p53 ? most : 0x1p53);
    };
    if (sizeof(Real) == 8) {
      group.direct_below = limit(fuses ? double_reach : halves_reach);
    } else {
      group.direct_below = fuses ? limit(float_reach) : 0;
      group.in_double_below = limit(in_double_reach);
    }
  }

  Column& column(Index k) { return columns_[static_cast<std::size_t>(k)]; }

  std::vector<Column> columns_;
  std::vector<Place> waves_;
  std::vector<Group> groups_;
  std::vector<Index> zeros_;
  std::vector<double> doubles_;
  std::vector<Real> reals_;
};

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
