// phasor: all waves of a spectrum over all timesteps: what is precomputed, and the order in which outputs are written.
#pragma once

#include <phasor/detail/kernel.hpp>
#include <phasor/spectrum.hpp>

#include <algorithm>
#include <limits>
#include <vector>

namespace phasor::detail {

/// Where outputs go: the element of row i and column k is data[i * row_stride + k * column_stride].
template <typename Scalar_>
struct Strided {
  using Scalar = Scalar_;
  Scalar* data;
  Index row_stride, column_stride;

  /// The line of outputs from (i, k) on in steps of (di, dk), if it is contiguous; otherwise null.
  Scalar* contiguous(Index i, Index k, Index di, Index dk) const {
    return di * row_stride + dk * column_stride == 1 ? data + i * row_stride + k * column_stride : nullptr;
  }
  Scalar& at(Index i, Index k) const { return data[i * row_stride + k * column_stride]; }
  bool by_columns() const { return row_stride == 1; }
};

/// The same for an expression whose elements have no addresses.
template <typename Expression>
struct Coefficients {
  using Scalar = typename Expression::Scalar;
  Expression& out;

  Scalar* contiguous(Index, Index, Index, Index) const { return nullptr; }
  Scalar& at(Index i, Index k) const { return out.coeffRef(i, k); }
  bool by_columns() const { return false; }
};

template <typename T>
bool is_negative(T t) {
  if constexpr (std::is_floating_point_v<T>) {
    return bits(t) >> (8 * sizeof(T) - 1);
  } else {
    return t < 0;
  }
}

/// |t|, exactly, for finite t.
template <typename T>
Magnitude magnitude_of(T t) {
  if constexpr (std::is_floating_point_v<T>) {
    return magnitude(static_cast<double>(t));
  } else {
    const auto u = static_cast<std::uint64_t>(t);
    return {is_negative(t) ? 0 - u : u, 0};
  }
}

/// x in two parts whose products reduce() relies on; see Two.
template <typename R>
auto split(double x) {
  using T = WideReal<R>;
  if constexpr (std::is_same_v<R, double> && !has_fma) {
    const double a = bit_cast<double>(bits(x) & ~std::uint64_t(0x7ffffff));
    return Two<T>{a, x - a};
  } else {
    const T a = opaque(static_cast<T>(x));
    return Two<T>{a, static_cast<T>(x - static_cast<double>(a))};
  }
}

/// Some timesteps of type T, ready for reduce() in the precision of R.
template <typename R, typename T>
struct Block {
  using W = WideReal<R>;
  static constexpr Index capacity = 256;
  /// True if t may need a low part.
  static constexpr bool long_t = has_fma && std::is_same_v<R, float> && !std::is_same_v<T, float> && sizeof(T) > 2;

  T t[capacity];
  W a[capacity], b[capacity];
  R sign[capacity];

  void set(Index i, T t_i) {
    t[i] = t_i;
    sign[i] = is_negative(t_i) ? R(-0.) : R(0);
    double x = std::abs(static_cast<double>(t_i));
    if constexpr (!has_fma && std::is_same_v<R, float>) {
      a[i] = x;
      b[i] = is_negative(t_i) ? -1 : 1;
    } else {
      const Two<W> parts = split<R>(x);
      a[i] = parts.a;
      b[i] = parts.b;
      if constexpr (has_fma) b[i] = long_t && parts.a != 0 ? parts.b / parts.a : 0;
    }
  }
};

/// Waves whose outputs stand `step` columns apart.
struct Group {
  bool paired;      ///< or a sine alone, of any phase
  Index sin, cos;   ///< first columns
  Index step, count;
  Index offset;     ///< of the first wave in the table
  double reach;     ///< reduce() holds for |t| below it
};

/// The packet V of a number, or of an array from its element j on.
template <typename V>
EIGEN_ALWAYS_INLINE V fetch(Lane<V> x, Index) {
  return broadcast<V>(x);
}
template <typename V>
EIGEN_ALWAYS_INLINE V fetch(const Lane<V>* x, Index j) {
  return load<V>(x + j);
}

/// The waves of one timestep and many frequencies (T a number, Q an array), or the other way round.
template <bool phased, bool long_t, typename T, typename Sign, typename Q>
struct Waves {
  Two<T> t;
  Sign sign;
  Two<Q> q, phase;

  /// Those of element j and on.
  template <typename V>
  EIGEN_ALWAYS_INLINE SinCos<V> at(Index j) const {
    using W = Wide<V>;
    const V signs = fetch<V>(sign, j);
    return wave(reduce<phased, long_t, V>({fetch<W>(t.a, j), fetch<W>(t.b, j)}, signs,
                                          {fetch<W>(q.a, j), fetch<W>(q.b, j)},
                                          {fetch<W>(phase.a, j), fetch<W>(phase.b, j)}),
                signs);
  }
};

/// The waves of a group at any t: NaN unless t is finite.
template <typename T>
struct ExactWaves {
  const Spectrum& spectrum;
  const Group& group;
  T t;

  template <typename V>
  SinCos<V> at(Index j) const {
    using R = Lane<V>;
    R r[lanes<V>], y[lanes<V>];
    for (Index l = 0; l < lanes<V>; ++l) {
      const Index k = group.sin + std::min(j + l, group.count - 1) * group.step;
      const Reduced<R> reduced = reduce_exactly<R>(magnitude_of(t), is_negative(t), spectrum.frequency[k],
                                                   group.paired ? 0 : turns(spectrum.phase[k]));
      r[l] = is_finite(static_cast<double>(t)) ? reduced.r : std::numeric_limits<R>::quiet_NaN();
      y[l] = reduced.y;
    }
    return wave(Reduced<V>{load<V>(r), load<V>(y)}, broadcast<V>(is_negative(t) ? R(-0.) : R(0)));
  }
};

/// How the sines and cosines of a line are written: sines alone, in two places, or in one, sine before cosine.
enum class Form { sines, apart, zipped };

/// Computes waves begin … begin+n-1, n >= lanes<P>, and writes them to sin[0], sin[1], … and cos[0], ….
template <Form form, typename P, typename Scalar, typename Waves>
EIGEN_ALWAYS_INLINE void sweep(Scalar* sin, Scalar* cos, Index begin, Index n, const Waves& waves) {
  using Step = std::conditional_t<has_fma && !is_scalar<P>, Twin<P>, P>;
  const Waves own = waves;  // no store to the output can change it, and the compiler sees that
  const auto write = [=](Index j, const auto& values) {
    if constexpr (form == Form::zipped) {
      store(sin + 2 * j, zip(values));
    } else {
      store(sin + j, values.sin);
      if constexpr (form == Form::apart) store(cos + j, values.cos);
    }
  };
  Index j = 0;
  for (; j + lanes<Step> <= n; j += lanes<Step>) write(j, own.template at<Step>(begin + j));
  for (; j < n; j += lanes<P>) {
    const Index last = std::min(j, n - lanes<P>);  // may overlap the packet before: the same bits again
    write(last, own.template at<P>(begin + last));
  }
}

template <typename R>
class Table {
  using P = Packet<R>;
  using L = WideReal<R>;

 public:
  Table() = default;

  explicit Table(const Spectrum& spectrum) {
    find_groups(spectrum);
    for (Group& group : groups_) {
      group.offset = static_cast<Index>(q_.a.size());
      double largest = 0;
      for (Index j = 0; j < group.count; ++j) {
        const Index k = group.sin + j * group.step;
        const double q = 4 * spectrum.frequency[k];
        largest = std::max(largest, std::abs(q));
        push(q_, split<R>(q));
                const double phase = group.paired ? 0 : 4 * std::remainder(spectrum.phase[k], 1.);
        const double head = std::is_same_v<L, R> ? std::nearbyint(phase / phase_step) * phase_step : phase;
        push(phase_, {static_cast<L>(head), static_cast<L>(phase - head)});
      }
      // Integers above 2^53 would need a third part of t; where q > 2^53, t might be denormal, or flushed to zero.
      group.reach = largest > 0x1p53 ? 0 : std::min((group.paired ? reach : phased_reach) / largest, 0x1p53);
    }
    for (Index l = 0; l < lanes<P>; ++l) push(q_, {}), push(phase_, {});  // a packet may be read beyond the end
  }

  /// Writes rows row … row + size - 1.
  template <typename T, typename Out>
  void write(const Spectrum& spectrum, const Block<R, T>& block, Index row, Index size, const Out& out) const {
    for (const Group& group : groups_) {
      if (group.paired) {
        write<true>(spectrum, group, block, row, size, out);
      } else {
        write<false>(spectrum, group, block, row, size, out);
      }
    }
    for (const Constant& constant : constants_) {
      for (Index i = 0; i < size; ++i) out.at(row + i, constant.column) = static_cast<typename Out::Scalar>(constant.value);
    }
  }

 private:
  struct Constant {
    Index column;
    R value;
  };
  struct Parts {
    std::vector<L> a, b;
  };

  static void push(Parts& parts, const Two<L>& x) {
    parts.a.push_back(x.a);
    parts.b.push_back(x.b);
  }
  
  /// Sorts the columns into constants, pairs of a sine and a cosine of the same frequency, and the rest.
  void find_groups(const Spectrum& spectrum) {
    const Index dim = spectrum.frequency.size();
    const std::uint64_t quarter = std::uint64_t(1) << 62;
    std::vector<std::uint64_t> phase;
    for (const double x : spectrum.phase) phase.push_back(turns(x));
    std::vector<bool> taken(phase.size());
    const auto at = [](Index k) { return static_cast<std::size_t>(k); };
    const auto is_pair = [&](Index sin, Index cos) {
      return std::max(sin, cos) < dim && !taken[at(sin)] && !taken[at(cos)] && phase[at(sin)] == 0 &&
             phase[at(cos)] == quarter && spectrum.frequency[sin] == spectrum.frequency[cos];
    };
    for (Index k = 0; k < dim; ++k) {
      if (taken[at(k)]) continue;
      if (spectrum.frequency[k] == 0) {
        constants_.push_back({k, wave(reduce_exactly<R>({0, 0}, false, 0, phase[at(k)]), R(0)).sin});
        continue;
      }
      Index other = k + 1;
      if (phase[at(k)] == 0) {
        while (other < dim && !is_pair(k, other)) ++other;
      } else if (phase[at(k)] == quarter) {
        while (other < dim && !is_pair(other, k)) ++other;
      } else {
        other = dim;
      }
      if (other < dim) {
        Group group{true, phase[at(k)] == 0 ? k : other, phase[at(k)] == 0 ? other : k, other == k + 1 ? 2 : 1, 0, 0, 0};
        for (Index sin = group.sin, cos = group.cos; is_pair(sin, cos); sin += group.step, cos += group.step) {
          taken[at(sin)] = taken[at(cos)] = true;
          ++group.count;
        }
        groups_.push_back(group);
      } else if (!groups_.empty() && !groups_.back().paired && groups_.back().sin + groups_.back().count == k) {
        ++groups_.back().count;
      } else {
        groups_.push_back({false, k, k, 1, 1, 0, 0});
      }
    }
  }

  template <bool paired, typename T, typename Out>
  void write(const Spectrum& spectrum, const Group& group, const Block<R, T>& block, Index row, Index size,
             const Out& out) const {
    constexpr bool long_t = Block<R, T>::long_t;
    const auto first = static_cast<std::size_t>(group.offset);
    const L *q_a = q_.a.data() + first, *q_b = q_.b.data() + first, *phase_a = phase_.a.data() + first,
            *phase_b = phase_.b.data() + first;
    const bool by_columns = out.by_columns() && size > 1;
    if (by_columns) {
      for (Index j = 0; j < group.count; ++j) {
        const Waves<!paired, long_t, const L*, const R*, L> waves{
            {block.a, block.b}, block.sign, {q_a[j], q_b[j]}, {phase_a[j], phase_b[j]}};
        line<paired>(out, row, group.sin + j * group.step, group.cos + j * group.step, 1, 0, size, waves);
      }
    }
    for (Index i = 0; i < size; ++i) {
      if (!(static_cast<double>(block.a[i]) < group.reach)) {
        const ExactWaves<T> waves{spectrum, group, block.t[i]};
        line<paired>(out, row + i, group.sin, group.cos, 0, group.step, group.count, waves);
      } else if (!by_columns) {
        const Waves<!paired, long_t, L, R, const L*> waves{
            {block.a[i], block.b[i]}, block.sign[i], {q_a, q_b}, {phase_a, phase_b}};
        line<paired>(out, row + i, group.sin, group.cos, 0, group.step, group.count, waves);
      }
    }
  }

  /// Writes n waves to the lines from (i, sin) and, if `paired`, (i, cos) on, in steps of (di, dk).
  template <bool paired, typename Out, typename Waves>
  EIGEN_ALWAYS_INLINE static void line(const Out& out, Index i, Index sin, Index cos, Index di, Index dk, Index n,
                                       const Waves& waves) {
    constexpr Form form = paired ? Form::apart : Form::sines;
    auto* const direct = out.contiguous(i, sin, di, dk);
    if (direct && n >= lanes<P>) {
      sweep<form, P>(direct, out.contiguous(i, cos, di, dk), 0, n, waves);
    } else {
      line_by_tiles<form>(out, i, sin, cos, di, dk, n, waves);
    }
  }

  template <Form form, typename Out, typename Waves>
  static void line_by_tiles(const Out& out, Index i, Index sin, Index cos, Index di, Index dk, Index n,
                            const Waves& waves) {
    if constexpr (form == Form::apart) {
      auto* const direct = out.contiguous(i, sin, 0, 1);
      if (direct && dk == 2 && cos == sin + 1 && n >= lanes<P>) return sweep<Form::zipped, P>(direct, direct, 0, n, waves);
    }
    constexpr Index tile = 256;
    typename Out::Scalar sines[tile], cosines[tile];
    for (Index begin = 0; begin < n; begin += tile) {
      const Index m = std::min(tile, n - begin);
      sweep<form, P>(sines, cosines, begin, (m + lanes<P> - 1) / lanes<P> * lanes<P>, waves);
      for (Index j = 0; j < m; ++j) {
        out.at(i + (begin + j) * di, sin + (begin + j) * dk) = sines[j];
        if constexpr (form == Form::apart) out.at(i + (begin + j) * di, cos + (begin + j) * dk) = cosines[j];
      }
    }
  }

  Parts q_, phase_;
  std::vector<Group> groups_;
  std::vector<Constant> constants_;
};

}  // namespace phasor::detail
