// phasor: all waves of a spectrum over many timesteps: what is precomputed, and the order in which outputs are written.
#pragma once

#include <algorithm>
#include <limits>
#include <phasor/detail/check.hpp>
#include <phasor/detail/kernel.hpp>
#include <phasor/spectrum.hpp>
#include <vector>

namespace phasor::detail {

/// Where outputs go: the element of row i and column k is data[i * row_stride + k * column_stride].
template <typename Scalar_>
struct Strided {
  using Scalar = Scalar_;
  Scalar* data;
  Index row_stride, column_stride;
  bool streams;  ///< the output is too large to stay in a cache

  Scalar& at(Index i, Index k) const { return data[i * row_stride + k * column_stride]; }
  /// Whether elements (i, k), (i + di, k + dk), … are neighbours in memory.
  bool is_contiguous(Index di, Index dk) const { return di * row_stride + dk * column_stride == 1; }
  /// Whether n neighbours from (i, k) on, and from (i + di, k + dk), …, can be streamed, and should be.
  bool in_pieces(Index i, Index k, Index di, Index dk, Index n) const {
    const auto elements = static_cast<std::uintptr_t>((di * row_stride + dk * column_stride) | n);
    return streams && (reinterpret_cast<std::uintptr_t>(&at(i, k)) | elements * sizeof(Scalar)) % sizeof(Piece) == 0;
  }
};

/// The same for an expression whose elements have no common layout.
template <typename Expression>
struct Coefficients {
  using Scalar = typename Expression::Scalar;
  Expression& out;
  static constexpr bool streams = false;

  Scalar& at(Index i, Index k) const { return out.coeffRef(i, k); }
  bool is_contiguous(Index, Index) const { return false; }
  bool in_pieces(Index, Index, Index, Index, Index) const { return false; }
};

/// How far an angle t f goes, and so how it is reduced: directly, by reduce(), or by reduce_wide() where floats are
/// always; floats in double, by reduce_wide(); or in integers, by reduce_exactly().
enum class Reach { direct, in_double, exact };

/// Floats are always reduced in double where there is no FMA, and where there is, beyond direct_reach.
template <typename Real>
inline constexpr bool is_wide = std::is_same_v<Real, float> && !has_fma;
template <typename Real>
inline constexpr bool may_be_wide = sizeof(Real) == 4 && has_fma;
template <typename Real>
using Number = std::conditional_t<is_wide<Real>, double, Real>;
template <typename Real>
using Vector = std::conditional_t<is_wide<Real>, Narrow, Packet<Real>>;

/// x in the two parts of a frequency; see Two.
template <typename Real>
Two<Number<Real>> split(double x) {
  if constexpr (is_wide<Real>) {
    return {x, 0};
  } else if constexpr (std::is_same_v<Real, double> && !has_fma) {
    const double a = bit_cast<double>(bits(x) & ~std::uint64_t(0x7ffffff));
    return {a, x - a};
  } else {
    const Real a = opaque(static_cast<Real>(x));
    return {a, static_cast<Real>(x - static_cast<double>(a))};
  }
}

/// Up to `capacity` timesteps of type T, ready for reduce() in the precision of Real.
template <typename Real, typename T>
struct Block {
  static constexpr Index capacity = 256;
  /// True if t may need a low part: integers of 16 bits and floats do not.
  static constexpr bool is_long = has_fma && std::is_same_v<Real, float> && !std::is_same_v<T, float> && sizeof(T) > 2;

  Index size;
  T t[capacity];
  Number<Real> a[capacity], b[capacity];

  /// Timesteps get(0) … get(size_ - 1).
  template <typename Get>
  Block(Index size_, const Get& get) : size(size_) {
    for (Index i = 0; i < size; ++i) {
      t[i] = get(i);
      const auto parts = split<Real>(static_cast<double>(t[i]));
      a[i] = parts.a;
      b[i] = !has_fma ? parts.b : is_long && parts.a != 0 ? parts.b / parts.a : 0;
    }
  }
};

/// Waves whose outputs stand `step` columns apart.
struct Group {
  bool paired;     ///< or a sine alone, of any phase
  Index sin, cos;  ///< first columns
  Index step, count;
  Index offset;                                 ///< of the first wave in the table
  std::uint64_t direct_below, in_double_below;  ///< the bits of |t|, a double, below which t f is reduced so

  /// Which way t goes. By bits, which order magnitudes as values do, NaN last: -ffast-math may answer any comparison
  /// with a NaN.
  template <typename T>
  Reach reach(T t) const {
    const std::uint64_t magnitude = bits(static_cast<double>(t)) & ~std::uint64_t(0) >> 1;
    return magnitude < direct_below ? Reach::direct : magnitude < in_double_below ? Reach::in_double : Reach::exact;
  }
};

/// The vector V of a number, or of an array from its element j on.
template <typename V, typename X>
EIGEN_ALWAYS_INLINE V fetch(X x, Index j) {
  if constexpr (std::is_pointer_v<X>) {
    return load<V>(x + j);
  } else {
    return broadcast<V>(x);
  }
}
template <typename V, typename X>
EIGEN_ALWAYS_INLINE Two<V> fetch(const Two<X>& x, Index j) {
  return {fetch<V>(x.a, j), fetch<V>(x.b, j)};
}

/// The waves of one timestep and many frequencies (T a number, F an array), or the other way round.
template <bool phased, bool long_t, typename T, typename F>
struct Waves {
  Two<T> t;
  Two<F> f, phase;

  /// Those of element j and on.
  template <typename V>
  EIGEN_ALWAYS_INLINE SinCos<V> at(Index j) const {
    using X = std::conditional_t<std::is_pointer_v<T>, F, T>;
    if constexpr (std::is_same_v<X, Lane<V>>) {
      return wave(reduce<V, phased, long_t>(fetch<V>(t, j), fetch<V>(f, j), fetch<V>(phase, j)));
    } else {
      using W = Wide<V>;
      return wave(reduce_wide<V, phased>(fetch<W>(t.a, j), fetch<W>(f.a, j), fetch<W>(phase.a, j)));
    }
  }
};

/// The waves of any t and many frequencies: NaN unless t is finite.
template <typename T>
struct ExactWaves {
  T t;
  const double *f, *phase;

  template <typename V>
  SinCos<V> at(Index j) const {
    Lane<V> r[lanes<V>], y[lanes<V>];
    for (Index l = 0; l < lanes<V>; ++l) {
      const auto reduced = reduce_exactly<Lane<V>>(t, f[j + l], phase[j + l]);
      r[l] = is_finite(static_cast<double>(t)) ? reduced.r : std::numeric_limits<Lane<V>>::quiet_NaN();
      y[l] = reduced.y;
    }
    return wave<V>({load<V>(r), load<V>(y)});
  }
};

/// How the sines and cosines of a line are written: sines alone, in two places, or in one, sine before cosine.
enum class Form { sines, apart, zipped };

/// Computes waves begin … begin+n-1 by vectors V, n >= lanes<V>, and writes them to sin[0], sin[1], … and cos[0], ….
template <Form form, typename V, bool streams, typename Scalar, typename Source>
EIGEN_ALWAYS_INLINE void sweep(Scalar* sin, Scalar* cos, Index begin, Index n, const Source& waves) {
  const Source own = waves;  // no store to the output can change it, and the compiler sees that
  for (Index next = 0; next < n; next += lanes<V>) {
    const Index j = std::min(next, n - lanes<V>);  // the last vector may overlap the one before: the same bits again
    const SinCos<V> values = own.template at<V>(begin + j);
    const auto put = [](Scalar* to, const auto& x) { streams ? store_streamed(to, x) : store(to, x); };
    if constexpr (form == Form::zipped) {
      put(sin + 2 * j, zip(values));
    } else {
      put(sin + j, values.sin);
      if constexpr (form == Form::apart) put(cos + j, values.cos);
    }
  }
}

/// Straight to neighbours in memory, through the caches or past them; or by way of a tile, to places anywhere.
enum class Way { stored, streamed, tiled };

template <typename Real>
class Table {
  using V = Vector<Real>;
  using L = Number<Real>;

 public:
  explicit Table(const Spectrum& spectrum) {
    find_groups(spectrum);
    for (Group& group : groups_) {
      double fastest = 0;
      for (Index j = 0; j < group.count; ++j)
        fastest = std::max(fastest, std::abs(f_[static_cast<std::size_t>(group.offset + j)]));
      // Integers above 2^53 are not doubles; where f > 2^51, t might be denormal, or flushed to zero.
      const auto limit = [&](double most) { return bits(fastest > 0x1p51 ? 0. : std::min(most / fastest, 0x1p53)); };
      group.in_double_below = limit(may_be_wide<Real> ? wide_reach : 0);
      group.direct_below = limit(is_wide<Real> ? wide_reach : direct_reach<Real>);
    }
    for (Index l = 0; l < lanes<V>; ++l) push(0, 0);  // a vector may be read beyond the end
  }

  /// Writes rows row … row + block.size - 1.
  template <typename T, typename Out>
  void write(const Block<Real, T>& block, Index row, const Out& out) const {
    const bool by_columns = block.size >= lanes<V> && out.is_contiguous(1, 0);
    for (const Group& group : groups_) {
      if (!group.paired) {
        by_columns ? write_group<Form::sines, true>(group, block, row, out)
                   : write_group<Form::sines, false>(group, block, row, out);
      } else if (by_columns) {
        write_group<Form::apart, true>(group, block, row, out);
      } else if (group.step == 2 && group.cos == group.sin + 1 && out.is_contiguous(0, 1)) {
        write_group<Form::zipped, false>(group, block, row, out);
      } else {
        write_group<Form::apart, false>(group, block, row, out);
      }
    }
    for (const Constant& constant : constants_) {
      for (Index i = 0; i < block.size; ++i)
        out.at(row + i, constant.column) = static_cast<typename Out::Scalar>(constant.value);
    }
  }

 private:
  struct Constant {
    Index column;
    Real value;
  };

  /// Sorts the columns into constants, pairs of a sine and a cosine of the same frequency, and the rest.
  void find_groups(const Spectrum& spectrum) {
    const Index dim = spectrum.frequency.size();
    Eigen::ArrayXd f = spectrum.frequency, phase(dim);
    Eigen::Array<bool, Eigen::Dynamic, 1> taken(dim);
    for (Index k = 0; k < dim; ++k) {
      phase[k] = std::remainder(spectrum.phase[k], 1.);
      if (std::abs(phase[k]) == 0.5) f[k] = -f[k], phase[k] = 0;  // sin(x + π) = sin(-x), which may have a partner
      taken[k] = magnitude(f[k]).mantissa == 0;
      if (taken[k]) constants_.push_back({k, ExactWaves<Real>{0, &f[k], &phase[k]}.template at<Real>(0).sin});
    }
    const auto is_pair = [&](Index sin, Index cos) {
      return std::max(sin, cos) < dim && !taken[sin] && !taken[cos] && phase[sin] == 0 && phase[cos] == 0.25 &&
             std::abs(f[sin]) == std::abs(f[cos]);
    };
    for (Index k = 0; k < dim; ++k) {
      if (taken[k]) continue;
      Index other = k + 1, sin = k, cos = k;
      while (other < dim && !is_pair(k, other) && !is_pair(other, k)) ++other;
      const bool paired = other < dim;
      const Index step = paired && other == k + 1 ? 2 : 1;
      if (paired) (phase[k] == 0 ? cos : sin) = other;
      const Group* last = groups_.empty() ? nullptr : &groups_.back();
      if (paired || !last || last->paired || last->sin + last->count != k)
        groups_.push_back({paired, sin, cos, step, 0, static_cast<Index>(f_.size()), 0, 0});
      do {
        taken[sin] = taken[cos] = true;
        ++groups_.back().count;
        push(f[sin], phase[sin]);
        sin += step, cos += step;
      } while (paired && is_pair(sin, cos));
    }
  }

  /// Adds a wave to the last group.
  void push(double wave_f, double phase) {
    const double head = is_wide<Real> ? phase : std::nearbyint(phase / phase_step) * phase_step;
    const Two<L> f = split<Real>(wave_f);
    f_.push_back(wave_f);
    direct_f_.a.push_back(f.a);
    direct_f_.b.push_back(f.b);
    phase_.push_back(phase);
    direct_phase_.a.push_back(static_cast<L>(head));
    direct_phase_.b.push_back(static_cast<L>(phase - head));
  }

  template <Form form, bool by_columns, typename T, typename Out>
  void write_group(const Group& group, const Block<Real, T>& block, Index row, const Out& out) const {
    write_within<Reach::direct, form, by_columns>(group, block, row, out);
    bool all_direct = true;
    for (Index i = 0; i < block.size; ++i) all_direct &= group.reach(block.t[i]) == Reach::direct;
    if (all_direct) return;
    if (out.streams) stream_fence();  // before the rest is written over
    if constexpr (may_be_wide<Real>) write_within<Reach::in_double, form, false>(group, block, row, out);
    write_within<Reach::exact, form, false>(group, block, row, out);
  }

  /// Writes the rows of that reach. Reach::direct writes every row, or column by column; those beyond it then hold
  /// garbage, which the later reaches overwrite.
  template <Reach reach, Form form, bool by_columns, typename T, typename Out>
  void write_within(const Group& group, const Block<Real, T>& block, Index row, const Out& out) const {
    constexpr bool is_direct = reach == Reach::direct, zipped = form == Form::zipped;
    using Few = std::conditional_t<reach == Reach::in_double, Narrow, V>;
    using Many = std::conditional_t<is_direct && has_fma && lanes<V> != 1, Twin<V>, Few>;
    const Index n = by_columns ? block.size : group.count;
    const auto in_pieces = [&](Index k) {
      return out.in_pieces(row, k, !by_columns, by_columns ? group.step : 0, zipped ? 2 * n : n);
    };
    if (n < lanes<Few> || !(by_columns || zipped || out.is_contiguous(0, group.step))) {
      write_lines<reach, zipped ? Form::apart : form, false, Few, Way::tiled>(group, block, row, out);
    } else if (n < lanes<Many>) {
      write_lines<reach, form, by_columns, Few, Way::stored>(group, block, row, out);
    } else if (is_direct && in_pieces(group.sin) && (zipped || in_pieces(group.cos))) {
      write_lines<reach, form, by_columns, Many, is_direct ? Way::streamed : Way::stored>(group, block, row, out);
    } else {
      write_lines<reach, form, by_columns, Many, Way::stored>(group, block, row, out);
    }
  }

  template <Reach reach, Form form, bool by_columns, typename W, Way way, typename T, typename Out>
  void write_lines(const Group& group, const Block<Real, T>& block, Index row, const Out& out) const {
    for (Index l = 0; l < (by_columns ? group.count : block.size); ++l) {
      if (reach != Reach::direct && group.reach(block.t[l]) != reach) continue;
      const auto waves = waves_of<reach, by_columns, form == Form::sines>(group, block, l);
      if constexpr (way == Way::tiled) {
        write_tiles<form, W>(group, row + l, waves, out);
      } else {
        const Index i = by_columns ? row : row + l, k = by_columns ? l * group.step : 0;
        sweep<form, W, way == Way::streamed>(&out.at(i, group.sin + k), &out.at(i, group.cos + k), 0,
                                             by_columns ? block.size : group.count, waves);
      }
    }
  }

  /// The waves of row l of the block, or by_columns those of column l of the group over all rows.
  template <Reach reach, bool by_columns, bool phased, typename T>
  EIGEN_ALWAYS_INLINE auto waves_of(const Group& group, const Block<Real, T>& block, Index l) const {
    constexpr bool is_long = Block<Real, T>::is_long;
    const auto from = [&](const auto& x) { return x.data() + group.offset; };
    const L *f_a = from(direct_f_.a), *f_b = from(direct_f_.b), *phase_a = from(direct_phase_.a),
            *phase_b = from(direct_phase_.b);
    if constexpr (by_columns) {
      return Waves<phased, is_long, const L*, L>{{block.a, block.b}, {f_a[l], f_b[l]}, {phase_a[l], phase_b[l]}};
    } else if constexpr (reach == Reach::direct) {
      return Waves<phased, is_long, L, const L*>{{block.a[l], block.b[l]}, {f_a, f_b}, {phase_a, phase_b}};
    } else if constexpr (reach == Reach::in_double) {
      const double *f = from(f_), *phase = from(phase_);
      return Waves<phased, false, double, const double*>{{static_cast<double>(block.t[l]), 0}, {f, f}, {phase, phase}};
    } else {
      return ExactWaves<T>{block.t[l], from(f_), from(phase_)};
    }
  }

  /// Writes the waves of row i by way of a buffer, to places that are no neighbours.
  template <Form form, typename W, typename Source, typename Out>
  static void write_tiles(const Group& group, Index i, const Source& waves, const Out& out) {
    constexpr Index tile = 256, width = lanes<W>;
    typename Out::Scalar sines[tile], cosines[tile];
    for (Index begin = 0; begin < group.count; begin += tile) {
      const Index m = std::min(tile, group.count - begin);
      sweep<form, W, false>(sines, cosines, begin, (m + width - 1) / width * width, waves);
      for (Index j = 0; j < m; ++j) {
        const Index k = (begin + j) * group.step;
        out.at(i, group.sin + k) = sines[j];
        if constexpr (form == Form::apart) out.at(i, group.cos + k) = cosines[j];
      }
    }
  }

  std::vector<double> f_, phase_;
  Two<std::vector<L>> direct_f_, direct_phase_;
  std::vector<Group> groups_;
  std::vector<Constant> constants_;
};

}  // namespace phasor::detail

#ifndef __clang__
#pragma GCC diagnostic pop
#endif
