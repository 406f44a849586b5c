// phasor: a Spectrum sorted into groups of waves, and split into the numbers that kernels read: the same on every target.
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <phasor/detail/checks.hpp>
#include <phasor/spectrum.hpp>
#include <type_traits>
#include <vector>

namespace phasor {
inline namespace PHASOR_FLAGS {
namespace detail {

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

/// The largest |t f|, in turns, that a kernel reduces: fused in the precision of the output; without FMA, floats in double,
/// and doubles in halves; and floats in double at last. Beyond, exact.hpp does.
inline constexpr double float_reach = 0x1p11, double_reach = 0x1p20, halves_reach = 0x1p18, in_double_reach = 0x1p20;

/// The high part of a phase is a multiple of this, so that less n/16 it has no more bits than a float.
inline constexpr double phase_step = 0x1p-12;

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
  Index first, count;  ///< its waves
  /// Limits of |t|, by the bits of a double. Floats: below the first they are reduced in float, with FMA; below the second in
  /// double. Doubles: with FMA, and without.
  std::uint64_t fused_below, unfused_below;
};

/// What a kernel reads: arrays with one entry for each wave, and most_lanes zeros behind.
template <typename Real>
struct Table {
  const Group* groups;
  Index group_count;
  const Index* zeros;  ///< columns of zeros
  Index zero_count;
  const Index *sin, *cos;   ///< columns; those of a single wave are equal
  const double *f, *phase;  ///< turns. A phase is less the nearest sixteenth of a turn, |phase| <= 1/32
  const Real *f_high, *f_low, *phase_high, *phase_low;  ///< f = high + low: floats, or halves of 26 and 27 bits
  const Real* to_n;                                     ///< magic + the sixteenths of the phase, which are its low bits
};

template <typename Real>
class Plan {
 public:
  explicit Plan(Spectrum given) : spectrum(std::move(given)) {
    const auto dim = static_cast<Index>(spectrum.frequency.size());
    std::vector<Column> columns(spectrum.frequency.size());
    for (Index k = 0; k < dim; ++k)
      columns.data()[k] = column_of(spectrum.frequency.data()[k], spectrum.phase.data()[k]);
    find_partners(columns.data(), dim);
    sort(columns.data(), dim);
    fill(columns.data());
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  const Spectrum spectrum;
  Table<Real> table;

 private:
  enum class Kind { sine, cosine, other };
  struct Column {
    double f, phase;  ///< phase in (-1/2, 1/2)
    Kind kind;
    Index partner;  ///< the column that is its cosine or its sine, or -1
  };
  struct Wave {
    Index sin, cos;
  };

  static Column column_of(double f, const double& phase) {
    // A denormal phase counts as zero, since arithmetic may flush it.
    double turn = (bits(phase) >> 52 & 0x7ff) == 0 ? 0 : std::remainder(phase, 1.);
    if (std::fabs(turn) >= 0.5) {  // sin(x + pi) = sin(-x), which may have a partner
      f = -f;
      turn = 0;
    }
    return {f, turn, is_zero(turn) ? Kind::sine : bits(turn) == bits(0.25) ? Kind::cosine : Kind::other, -1};
  }

  static std::uint64_t magnitude(const double& x) { return bits(x) << 1 >> 1; }  // which orders as |x| does

  /// Pairs sines with cosines of the same |f|: the first with the first, and so on.
  static void find_partners(Column* columns, Index dim) {
    std::vector<Index> order(static_cast<std::size_t>(dim));
    for (Index k = 0; k < dim; ++k) order.data()[k] = k;
    std::sort(order.begin(), order.end(), [=](Index i, Index k) {
      const Column &x = columns[i], &y = columns[k];
      if (magnitude(x.f) != magnitude(y.f)) return magnitude(x.f) < magnitude(y.f);
      return x.kind != y.kind ? x.kind < y.kind : i < k;
    });
    const auto end_of = [&](Index i, Kind kind, std::uint64_t f) {
      while (i < dim && columns[order.data()[i]].kind == kind && magnitude(columns[order.data()[i]].f) == f) ++i;
      return i;
    };
    for (Index sine = 0, end = 0; sine < dim; sine = end) {
      const std::uint64_t f = magnitude(columns[order.data()[sine]].f);
      const Index cosine = end_of(sine, Kind::sine, f), other = end_of(cosine, Kind::cosine, f);
      end = end_of(other, Kind::other, f);
      for (Index i = sine, j = cosine; i < cosine && j < other; ++i, ++j) {
        columns[order.data()[i]].partner = order.data()[j];
        columns[order.data()[j]].partner = order.data()[i];
      }
    }
  }

  /// Sorts waves into groups: runs whose columns are side by side; what is left is scattered.
  void sort(const Column* columns, Index dim) {
    std::vector<Wave> pairs, singles, scattered;
    for (Index k = 0; k < dim; ++k) {
      const Index partner = columns[k].partner;
      if (partner < 0 && columns[k].kind == Kind::sine && is_zero(columns[k].f)) {
        zeros_.push_back(k);
      } else if (partner < 0) {
        singles.push_back({k, k});
      }
      if (partner > k) pairs.push_back(columns[k].kind == Kind::sine ? Wave{k, partner} : Wave{partner, k});
    }
    for (const std::vector<Wave>* waves : {&pairs, &singles}) {
      const Form form = waves == &pairs ? Form::apart : Form::single;
      const Wave* const end = waves->data() + waves->size();
      scattered.clear();
      for (const Wave *first = waves->data(), *last = first; first != end; first = last) {
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
  void add(const Wave* waves, Index count, Form form, bool scattered) {
    const Index pieces = (count + most_waves - 1) / most_waves;
    for (Index i = 0; i < pieces; ++i) {
      const Index begin = count * i / pieces, end = count * (i + 1) / pieces;
      groups_.push_back({form, scattered, static_cast<Index>(waves_.size()), end - begin, 0, 0});
      waves_.insert(waves_.end(), waves + begin, waves + end);
    }
  }

  void fill(const Column* columns) {
    const std::size_t count = waves_.size(), padded = (count + 2 * most_lanes - 1) / most_lanes * most_lanes;
    columns_ = std::vector<Index>(2 * count);
    doubles_ = std::vector<double>(2 * padded + most_lanes);
    reals_ = std::vector<Real>(5 * padded + most_lanes);
    Index *const sin = columns_.data(), *const cos = sin + count;
    double *const f = at_cache_line(doubles_.data()), *const phase = f + padded;
    Real *const f_high = at_cache_line(reals_.data()), *const f_low = f_high + padded,
                *const phase_high = f_low + padded, *const phase_low = phase_high + padded,
                *const to_n = phase_low + padded;
    for (std::size_t j = 0; j < count; ++j) {
      sin[j] = waves_[j].sin;
      cos[j] = waves_[j].cos;
      const Column& column = columns[sin[j]];
      const double sixteenths = std::nearbyint(column.phase * 16);
      f[j] = column.f;
      f_high[j] = high_part(f[j]);
      f_low[j] = static_cast<Real>(f[j] - static_cast<double>(f_high[j]));
      phase[j] = column.phase - sixteenths / 16;
      phase_high[j] = static_cast<Real>(std::nearbyint(phase[j] / phase_step) * phase_step);
      phase_low[j] = static_cast<Real>(phase[j] - static_cast<double>(phase_high[j]));
      to_n[j] = magic<Real> + static_cast<Real>(sixteenths / 16);
    }
    for (Group& group : groups_) {
      double fastest = 0;  // by magnitude(), since a denormal may be flushed
      for (Index j = group.first; j < group.first + group.count; ++j)
        if (magnitude(f[j]) > magnitude(fastest)) fastest = f[j];
      // Not from |t| = 2^53 on, where an integer may have more digits than a double; nor where all f are denormal, or
      // f > 2^51, at which t may be: arithmetic may flush those.
      const bool is_constant = is_zero(fastest);
      const bool is_ordinary = std::fabs(fastest) >= 0x1p-1022 && std::fabs(fastest) <= 0x1p51;
      const auto limit = [&](double reach) {
        const double most = reach / std::fabs(fastest);
        return bits(is_constant ? 0x1p53 : !is_ordinary ? 0 : most < 0x1p53 ? most : 0x1p53);
      };
      group.fused_below = limit(sizeof(Real) == 4 ? float_reach : double_reach);
      group.unfused_below = limit(sizeof(Real) == 4 ? in_double_reach : halves_reach);
    }
    table = {groups_.data(),
             static_cast<Index>(groups_.size()),
             zeros_.data(),
             static_cast<Index>(zeros_.size()),
             sin,
             cos,
             f,
             phase,
             f_high,
             f_low,
             phase_high,
             phase_low,
             to_n};
  }

  /// The first of these numbers that begins a line of 64 bytes.
  template <typename Number>
  static Number* at_cache_line(Number* numbers) {
    return numbers + (-reinterpret_cast<std::uintptr_t>(numbers) & 63) / sizeof(Number);
  }

  static Real high_part(const double& x) {
    if constexpr (sizeof(Real) == 4) {
      const volatile float rounded = static_cast<float>(x);  // -ffast-math takes double(float(x)) for x
      return rounded;
    } else {
      return first_26_bits(x);
    }
  }

  std::vector<Wave> waves_;
  std::vector<Group> groups_;
  std::vector<Index> columns_, zeros_;
  std::vector<double> doubles_;
  std::vector<Real> reals_;
};

}  // namespace detail
}  // namespace PHASOR_FLAGS
}  // namespace phasor
