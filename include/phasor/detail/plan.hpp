// phasor: a Spectrum sorted into groups of waves, and split into the numbers that kernels read. All kernels that fuse
// have the same plan, and so have all that do not.
//
// Memory is by new[], and sorting by std::qsort: of std's vectors of numbers the linker keeps one copy, perhaps of a
// file whose instructions this processor has not.
#pragma once

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <phasor/detail/types.hpp>
#include <phasor/spectrum.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE { namespace detail {

/// `count` numbers or structs, all zero at first.
template <typename Number>
struct Array {
  explicit Array(Index count) : data(new Number[static_cast<std::size_t>(count)]()) {}
  Array(const Array&) = delete;
  Array& operator=(const Array&) = delete;
  ~Array() { delete[] data; }

  Number& operator[](Index i) const { return data[i]; }

  Number* const data;
};

/// What does not depend on the numbers' type.
class Plan {
 public:
  explicit Plan(Spectrum given) : spectrum(std::move(given)), dim(static_cast<Index>(spectrum.frequency.size())) {
    refuse_unless_valid();
    const Array<Column> columns(dim);
    for (Index k = 0; k < dim; ++k) columns[k] = column_of(frequency(k), phase(k));
    find_partners(columns);
    find_groups(columns);
  }

  const Spectrum spectrum;
  const Index dim;
  const Array<Wave> waves{dim + 2 * min_waves};    ///< by groups; of a small one twice, for pairs of rows
  const Array<Group> groups{dim / min_waves + 2};  ///< two may be small
  const Array<Index> zeros{dim};                   ///< columns
  Index wave_count = 0, group_count = 0, zero_count = 0;
  bool is_runs = true;  ///< every group is a run, and none is small
  Index bounds = 0;     ///< the bitwise or of groups' first columns and numbers of waves: a multiple of 2^n, if all are

 private:
  struct Column {
    double f, phase;  ///< phase in (-1/2, 1/2)
    bool is_sine, is_cosine;
    Index partner;  ///< the column that is its cosine or its sine, or nowhere
  };
  struct Entry {
    std::uint64_t speed;  ///< |f|, by its bits
    Index column;
  };

  const double& frequency(Index k) const { return spectrum.frequency[static_cast<std::size_t>(k)]; }
  const double& phase(Index k) const { return spectrum.phase[static_cast<std::size_t>(k)]; }

  PHASOR_NOINLINE void refuse_unless_valid() const {
    refuse_unless(dim > 0, "the number of columns must be > 0", dim);
    refuse_unless_same_size(spectrum);
    for (Index k = 0; k < dim; ++k) {
      if (!is_finite(frequency(k))) refuse_as("frequency[%td] must be finite, got %.17g", k, frequency(k));
      if (!is_finite(phase(k))) refuse_as("phase[%td] must be finite, got %.17g", k, phase(k));
    }
  }

  static Column column_of(double f, const double& phase) {
    double turn = std::remainder(phase, 1.);
    if (std::fabs(turn) >= 0.5) {  // sin(x + pi) = sin(-x), which may have a partner
      f = -f;
      turn = 0;
    }
    return {f, turn, is_zero(turn), bits(turn) == bits(0.25), nowhere};
  }

  /// The sines, or the cosines, by falling |f|, and equal ones from left to right.
  Index sorted(const Array<Column>& columns, bool Column::*is_kind, const Array<Entry>& entries) const {
    Index count = 0;
    bool is_sorted = true;
    for (Index k = 0; k < dim; ++k) {
      if (!(columns[k].*is_kind)) continue;
      entries[count] = {magnitude(columns[k].f), k};
      is_sorted &= count == 0 || entries[count - 1].speed >= entries[count].speed;
      ++count;
    }
    if (!is_sorted)
      std::qsort(entries.data, static_cast<std::size_t>(count), sizeof(Entry), [](const void* left, const void* right) {
        const auto &a = *static_cast<const Entry*>(left), &b = *static_cast<const Entry*>(right);
        return a.speed != b.speed ? (a.speed > b.speed ? -1 : 1) : a.column < b.column ? -1 : a.column > b.column;
      });
    return count;
  }

  /// Pairs sines with cosines of the same |f|: the first with the first, and so on.
  void find_partners(const Array<Column>& columns) const {
    const Array<Entry> sines(dim), cosines(dim);
    const Index sine_count = sorted(columns, &Column::is_sine, sines),
                cosine_count = sorted(columns, &Column::is_cosine, cosines);
    for (Index i = 0, j = 0; i < sine_count && j < cosine_count;) {
      const Entry &sine = sines[i], &cosine = cosines[j];
      if (sine.speed == cosine.speed) {
        columns[sine.column].partner = cosine.column;
        columns[cosine.column].partner = sine.column;
      }
      i += sine.speed >= cosine.speed;
      j += sine.speed <= cosine.speed;
    }
  }

  /// Sorts waves into groups: plain ones, then phased ones. Of either: first those whose columns stand side by side, if
  /// there are min_waves of them or no others; then the rest, which count as scattered.
  void find_groups(const Array<Column>& columns) {
    const Array<Wave> list(dim);
    for (const bool phased : {false, true}) {
      Index count = 0, left = 0;
      for (Index k = 0; k < dim; ++k) {
        const Column& column = columns[k];
        if ((!column.is_sine && !column.is_cosine) != phased || (column.partner != nowhere && column.partner < k))
          continue;
        if (phased) {
          list[count++] = {column.f, column.phase, k, k};
        } else if (column.is_sine && column.partner == nowhere && is_zero(column.f)) {
          zeros[zero_count++] = k;
        } else if (column.is_sine) {
          list[count++] = {column.f, 0, k, column.partner};
        } else {
          list[count++] = {column.partner == nowhere ? column.f : columns[column.partner].f, 0, column.partner, k};
        }
      }
      for (Index first = 0, last = 0; first < count; first = last) {
        const Wave& wave = list[first];
        const bool is_interleaved = wave.sin != nowhere && wave.cos == wave.sin + 1;  // never of a phased one
        const Index step = is_interleaved ? 2 : 1;
        const auto follows = [&](Index k, Index from) {
          return from == nowhere ? k == nowhere : k == from + step * (last - first);
        };
        while (last < count && follows(list[last].sin, wave.sin) && follows(list[last].cos, wave.cos)) ++last;
        if (last - first >= min_waves || last - first == count) {
          add(&list[first], last - first, true, is_interleaved ? store_interleaved : 0, phased);
        } else {
          while (first < last) list[left++] = list[first++];
        }
      }
      add(list.data, left, false, 0, phased);
    }
  }

  /// Adds these waves, in groups of max_waves at most.
  void add(const Wave* from, Index left, bool side_by_side, unsigned stores, bool phased) {
    for (Index count = 0; left > 0; from += count, left -= count) {
      count = first_part(left, max_waves, min_waves);
      const Index sin = side_by_side ? from->sin : scattered, cos = side_by_side ? from->cos : scattered;
      const Group& group = groups[group_count++] = {phased, stores, wave_count, count, sin, cos, 0, 0};
      is_runs = is_runs && group.is_run() && count >= min_waves;
      bounds |= sin | count | (stores & store_interleaved ? 0 : cos);
      for (Index j = 0; j < (count < min_waves ? 2 : 1) * count; ++j) waves[wave_count++] = from[j % count];
    }
  }
};

/// A Plan with the numbers of Real, for kernels that have a fused multiply-add, or for those that have not.
template <typename Real>
class PlanOf : public Plan {
 public:
  PlanOf(Spectrum given, bool fuses)
      : Plan(std::move(given)), doubles_(2 * array_size() + max_lanes), reals_(5 * array_size() + max_lanes) {
    const Index size = array_size();
    double *const f = at_cache_line(doubles_.data), *const phase = f + size;
    Real *const f_high = at_cache_line(reals_.data), *const f_low = f_high + size, *const phase_high = f_low + size,
                *const phase_low = phase_high + size, *const rounder = phase_low + size;
    for (Index j = 0; j < wave_count; ++j) {
      const double sixteenths = std::nearbyint(waves[j].phase * 16);
      f[j] = waves[j].f;
      const double direct = is_direct(f[j]) ? f[j] : 0;
      f_high[j] = stored(static_cast<Real>(direct));  // -ffast-math takes double(float(x)) for x
      f_low[j] = static_cast<Real>(direct - static_cast<double>(f_high[j]));
      phase[j] = waves[j].phase - sixteenths / 16;
      phase_high[j] = static_cast<Real>(std::nearbyint(phase[j] / phase_step) * phase_step);
      phase_low[j] = static_cast<Real>(phase[j] - static_cast<double>(phase_high[j]));
      rounder[j] = magic<Real> + static_cast<Real>(sixteenths / 16);
    }
    for (Index i = 0; i < group_count; ++i) set_limits(groups[i], fuses);
    arrays = {f, phase, f_high, f_low, phase_high, phase_low, rounder};
  }

  Waves<Real> arrays{};
  mutable std::atomic<Index> owners{1};

 private:
  /// Whether t f may go directly. A float's may not where denormal floats, which may be flushed, count in outputs of
  /// 2^-100: t with a large f, and the low part of a small f with a large t.
  static bool is_direct(const double& f) {
    const double speed = std::fabs(f);
    return sizeof(Real) == 8 || (speed <= 0x1p23 && speed >= 0x1p-74) || is_zero(f);
  }

  /// Of an array: whole vectors, and one of zeros behind.
  Index array_size() const { return (wave_count + 2 * max_lanes - 1) / max_lanes * max_lanes; }

  template <typename Number>
  static Number* at_cache_line(Number* x) {
    return x + static_cast<Index>((0 - reinterpret_cast<std::uintptr_t>(x)) % cache_line / sizeof(Number));
  }

  void set_limits(Group& group, bool fuses) const {
    double fastest = 0;
    bool all_direct = fuses;
    for (Index j = group.first; j < group.first + group.count; ++j) {
      fastest = std::fmax(fastest, std::fabs(waves[j].f));
      all_direct = all_direct && is_direct(waves[j].f);
    }
    const auto limit = [&](double reach) {
      return bits(fastest > reach / split_below ? reach / fastest : split_below);  // the fastest f may be 0
    };
    group.direct_below = all_direct ? limit(sizeof(Real) == 8 ? double_reach : float_reach) : 0;
    group.integers_from = sizeof(Real) == 8 ? group.direct_below : limit(in_double_reach);
  }

  const Array<double> doubles_;
  const Array<Real> reals_;
};

/// A plan that an embedding and its copies own together. (It stands for std::shared_ptr, of whose functions the linker
/// keeps one copy too, and whose header takes long to compile.)
template <typename Real>
class SharedPlan {
 public:
  SharedPlan(Spectrum given, bool fuses) : plan_(new PlanOf<Real>(std::move(given), fuses)) {}
  SharedPlan(const SharedPlan& other) noexcept : plan_(other.plan_) { ++plan_->owners; }
  SharedPlan& operator=(SharedPlan other) noexcept {
    std::swap(plan_, other.plan_);
    return *this;
  }
  ~SharedPlan() {
    if (--plan_->owners == 0) delete plan_;
  }
  const PlanOf<Real>& operator*() const { return *plan_; }

 private:
  const PlanOf<Real>* plan_;
};

}}}  // namespace phasor::PHASOR_NAMESPACE::detail
