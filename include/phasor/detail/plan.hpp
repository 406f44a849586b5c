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

/// A timestep: t + rest, where rest is what a 64-bit integer has more than the double t, and else 0.
struct Step {
  double t, rest;
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
  /// Bits of a double: |t| below it is reduced in the precision of the output with FMA; and without, in double.
  std::uint64_t fused_below, unfused_below;
};

/// What a kernel reads: an array of one entry a wave each, and most_lanes of zeros behind.
template <typename Real>
struct Table {
  const Group* groups;
  Index group_count;
  const Index *sin, *cos;   ///< columns; those of a single wave are equal
  const double *f, *phase;  ///< turns. A phase is less the nearest sixteenth of a turn, |phase| <= 1/32
  const Real *f_high, *f_low, *phase_high, *phase_low;  ///< f = high + low: floats, or halves of 26 and 27 bits
  const Real* to_n;                                     ///< magic + the sixteenths of the phase, which are its low bits
};

template <typename Real>
class Plan {
 public:
  explicit Plan(Spectrum given) : spectrum(std::move(given)) {
    const std::size_t dim = spectrum.frequency.size();
    std::vector<Column> columns(dim);
    for (std::size_t k = 0; k < dim; ++k) columns[k] = column_of(spectrum.frequency[k], spectrum.phase[k]);
    find_partners(columns);
    sort(columns);
    fill(columns);
  }
  Plan(const Plan&) = delete;
  Plan& operator=(const Plan&) = delete;

  const Spectrum spectrum;
  Table<Real> table;

 private:
  enum class Kind { sine, cosine, other };
  struct Column {
    double f, phase;  ///< phase in [-1/2, 1/2)
    Kind kind;
    Index partner;  ///< the column that is its cosine or its sine, or -1
  };
  struct Wave {
    Index sin, cos;
  };

  static Column column_of(double f, const double& phase) {
    const bool is_tiny =
        (bits(phase) >> 52 & 0x7ff) == 0;  // or zero: arithmetic may flush it, and so it always counts as zero
    double turn = is_tiny ? 0 : std::remainder(phase, 1.);
    if (std::abs(turn) == 0.5) f = -f, turn = 0;  // sin(x + pi) = sin(-x), which may have a partner
    return {f, turn, turn == 0 ? Kind::sine : turn == 0.25 ? Kind::cosine : Kind::other, -1};
  }

  static std::uint64_t magnitude(const double& x) { return bits(x) << 1 >> 1; }  // which orders as |x| does

  /// Pairs sines with cosines of the same |f|: the first with the first, and so on.
  static void find_partners(std::vector<Column>& columns) {
    std::vector<Index> order;
    order.reserve(columns.size());
    for (std::size_t k = 0; k < columns.size(); ++k)
      if (columns[k].kind != Kind::other) order.push_back(static_cast<Index>(k));
    const auto at = [&](std::size_t i) -> Column& { return columns[static_cast<std::size_t>(order[i])]; };
    std::sort(order.begin(), order.end(), [&](Index i, Index k) {
      const Column &x = columns[static_cast<std::size_t>(i)], &y = columns[static_cast<std::size_t>(k)];
      if (magnitude(x.f) != magnitude(y.f)) return magnitude(x.f) < magnitude(y.f);
      return x.kind != y.kind ? x.kind < y.kind : i < k;
    });
    for (std::size_t sine = 0; sine < order.size();) {
      std::size_t cosine = sine, end = sine;
      while (end < order.size() && magnitude(at(end).f) == magnitude(at(sine).f)) {
        if (at(end++).kind == Kind::sine) cosine = end;
      }
      for (std::size_t i = sine, j = cosine; i < cosine && j < end; ++i, ++j) {
        at(i).partner = order[j];
        at(j).partner = order[i];
      }
      sine = end;
    }
  }

  /// Sorts waves into groups: runs whose columns are side by side, in whole; what is left is scattered.
  void sort(const std::vector<Column>& columns) {
    std::vector<Wave> pairs, singles, scattered;
    for (Index k = 0; k < static_cast<Index>(columns.size()); ++k) {
      const Column& column = columns[static_cast<std::size_t>(k)];
      if (column.partner < 0) singles.push_back({k, k});
      if (column.partner > k)
        pairs.push_back(column.kind == Kind::sine ? Wave{k, column.partner} : Wave{column.partner, k});
    }
    for (const std::vector<Wave>* waves : {&pairs, &singles}) {
      const Form form = waves == &pairs ? Form::apart : Form::single;
      scattered.clear();
      for (std::size_t i = 0, end = 0; i < waves->size(); i = end) {
        const Wave first = (*waves)[i];
        const Index step = form == Form::apart && first.cos == first.sin + 1 ? 2 : 1;
        while (end < waves->size() && (*waves)[end].sin == first.sin + step * static_cast<Index>(end - i) &&
               (*waves)[end].cos == first.cos + step * static_cast<Index>(end - i))
          ++end;
        const bool is_run = static_cast<Index>(end - i) >= most_lanes;
        if (is_run) add(waves->data() + i, static_cast<Index>(end - i), step == 2 ? Form::zipped : form, false);
        if (!is_run)
          scattered.insert(scattered.end(), waves->begin() + static_cast<Index>(i),
                           waves->begin() + static_cast<Index>(end));
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

  void fill(const std::vector<Column>& columns) {
    const std::size_t count = waves_.size(), padded = count + most_lanes;
    std::vector<double>& doubles = doubles_ = std::vector<double>(2 * padded);
    std::vector<Real>& reals = reals_ = std::vector<Real>(5 * padded);
    std::vector<Index>& indices = indices_ = std::vector<Index>(2 * count);
    for (std::size_t j = 0; j < count; ++j) {
      const Column& column = columns[static_cast<std::size_t>(waves_[j].sin)];
      indices[j] = waves_[j].sin;
      indices[count + j] = waves_[j].cos;
      const double sixteenths = std::nearbyint(column.phase * 16), phase = column.phase - sixteenths / 16;
      doubles[j] = column.f;
      doubles[padded + j] = phase;
      const Real f_high = high_part(column.f),
                 phase_high = static_cast<Real>(std::nearbyint(phase / phase_step) * phase_step);
      reals[j] = f_high;
      reals[padded + j] = static_cast<Real>(column.f - static_cast<double>(f_high));
      reals[2 * padded + j] = phase_high;
      reals[3 * padded + j] = static_cast<Real>(phase - static_cast<double>(phase_high));
      reals[4 * padded + j] = magic<Real> + static_cast<Real>(sixteenths / 16);
    }
    for (Group& group : groups_) {
      double fastest = 0;
      for (Index j = 0; j < group.count; ++j)
        fastest = (std::max)(fastest, std::abs(doubles[static_cast<std::size_t>(group.first + j)]));
      // Not from |t| = 2^53 on, where an integer may have more digits than a double; nor where all f are denormal, or
      // f > 2^51, at which t may be: arithmetic may flush those.
      const bool is_ordinary = fastest >= (std::numeric_limits<double>::min)() && fastest <= 0x1p51;
      const auto limit = [&](double reach) { return bits(is_ordinary ? (std::min)(reach / fastest, 0x1p53) : 0.); };
      group.fused_below = limit(sizeof(Real) == 4 ? float_reach : double_reach);
      group.unfused_below = limit(sizeof(Real) == 4 ? in_double_reach : halves_reach);
    }
    const double* const d = doubles.data();
    const Real* const r = reals.data();
    table = {groups_.data(),
             static_cast<Index>(groups_.size()),
             indices.data(),
             indices.data() + count,
             d,
             d + padded,
             r,
             r + padded,
             r + 2 * padded,
             r + 3 * padded,
             r + 4 * padded};
  }

  static Real high_part(const double& x) {
    if (sizeof(Real) == 8) {
      const std::uint64_t word = bits(x) & ~std::uint64_t(0x7ffffff);
      double half;
      std::memcpy(&half, &word, sizeof half);
      return static_cast<Real>(half);
    }
    const volatile Real rounded = static_cast<Real>(x);  // -ffast-math takes double(float(x)) for x
    return rounded;
  }

  std::vector<Wave> waves_;
  std::vector<Group> groups_;
  std::vector<double> doubles_;
  std::vector<Real> reals_;
  std::vector<Index> indices_;
};

}  // namespace detail
}  // namespace PHASOR_FLAGS
}  // namespace phasor
