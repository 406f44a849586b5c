// phasor: all waves of a spectrum over all timesteps: what is precomputed, and the order in which outputs are written.
#pragma once

#include <algorithm>
#include <limits>
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
  /// Whether n elements from (i, k) on, and from (i + di, k + dk), …, can be streamed, and should be.
  bool in_pieces(Index i, Index k, Index di, Index dk, Index n) const {
    const auto whole = [](auto bytes) { return bytes % sizeof(Piece) == 0; };
    constexpr std::size_t size = sizeof(Scalar);
    return streams && whole(reinterpret_cast<std::uintptr_t>(&at(i, k))) && whole(static_cast<std::size_t>(n) * size) &&
           whole(static_cast<std::size_t>(di * row_stride + dk * column_stride) * size);
  }
};

/// The same for an expression whose elements have no common layout.
template <typename Expression>
struct Coefficients {
  using Scalar = typename Expression::Scalar;
  Expression& out;

  static constexpr bool streams = false;

  Scalar& at(Index i, Index k) const { return out.coeffRef(i, k); }
  bool in_pieces(Index, Index, Index, Index, Index) const { return false; }
  bool is_contiguous(Index, Index) const { return false; }
};

template <typename T>
bool is_negative(T t) {
  if constexpr (std::is_floating_point_v<T>) {
    return bits(t) >> (8 * sizeof(T) - 1);
  } else {
    return t < 0;
  }
}

/// -0 for negative t, else +0, as bits: with -ffast-math the compiler need not tell one zero from the other.
template <typename R, typename T>
R sign_of(T t) {
  using Bits = decltype(bits(R()));
  return bit_cast<R>(static_cast<Bits>(is_negative(t)) << (8 * sizeof(R) - 1));
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
    sign[i] = sign_of<R>(t_i);
    if constexpr (std::is_same_v<T, R> && has_fma) {
      a[i] = std::abs(t_i);
      b[i] = 0;
    } else {
      const Two<W> parts = split<R>(std::abs(static_cast<double>(t_i)));
      a[i] = parts.a;
      b[i] = !has_fma ? parts.b : long_t && parts.a != 0 ? parts.b / parts.a : 0;
      if constexpr (!std::is_same_v<W, R>) b[i] = is_negative(t_i) ? -1 : 1;
    }
  }
};

/// Waves whose outputs stand `step` columns apart.
struct Group {
  bool paired;     ///< or a sine alone, of any phase
  Index sin, cos;  ///< first columns
  Index step, count;
  Index offset;  ///< of the first wave in the table
  double reach;  ///< reduce() holds for |t| below it
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
    return wave(
        reduce<phased, long_t, V>({fetch<W>(t.a, j), fetch<W>(t.b, j)}, signs, {fetch<W>(q.a, j), fetch<W>(q.b, j)},
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
    return wave(Reduced<V>{load<V>(r), load<V>(y)}, broadcast<V>(sign_of<R>(t)));
  }
};

/// How the sines and cosines of a line are written: sines alone, in two places, or in one, sine before cosine.
enum class Form { sines, apart, zipped };

/// Computes waves begin … begin+n-1 by packets V, n >= lanes<V>, and writes them to sin[0], sin[1], … and cos[0], ….
template <Form form, typename V, bool streams, typename Scalar, typename Waves>
EIGEN_ALWAYS_INLINE void sweep(Scalar* sin, Scalar* cos, Index begin, Index n, const Waves& waves) {
  const Waves own = waves;  // no store to the output can change it, and the compiler sees that
  for (Index next = 0; next < n; next += lanes<V>) {
    const Index j = std::min(next, n - lanes<V>);  // the last packet may overlap the one before: the same bits again
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
      group.reach = largest > 0x1p53 ? 0 : std::min(reach / largest, 0x1p53);
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
      for (Index i = 0; i < size; ++i)
        out.at(row + i, constant.column) = static_cast<typename Out::Scalar>(constant.value);
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
        Group group{true, phase[at(k)] == 0 ? k : other, phase[at(k)] == 0 ? other : k, other == k + 1 ? 2 : 1, 0, 0,
                    0};
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

  /// n outputs of a sine and of a cosine from rows and columns (i, sin) and (i, cos) on, in steps of (di, dk).
  struct Line {
    Index i, sin, cos, di, dk, n;
  };

  template <bool paired, typename T, typename Out>
  void write(const Spectrum& spectrum, const Group& group, const Block<R, T>& block, Index row, Index size,
             const Out& out) const {
    constexpr Form apart = paired ? Form::apart : Form::sines, zipped = paired ? Form::zipped : Form::sines;
    const bool by_columns = size > 1 && out.is_contiguous(1, 0);
    const Index n = by_columns ? size : group.count, step = group.step;
    if (by_columns || out.is_contiguous(0, step)) {
      write_near<apart>(group, block, row, size, by_columns, n, out);
    } else if (paired && step == 2 && group.cos == group.sin + 1 && out.is_contiguous(0, 1)) {
      write_near<zipped>(group, block, row, size, false, n, out);
    } else {
      write_near<apart, void>(group, block, row, size, false, out);
    }
    for (Index i = 0; i < size; ++i) {
      if (is_near(group, block, i)) continue;
      const ExactWaves<T> waves{spectrum, group, block.t[i]};
      write_line<apart, void>({row + i, group.sin, group.cos, 0, step, group.count}, waves, out);
    }
  }

  /// The same for contiguous lines of n: by the largest packets that fit.
  template <Form form, typename T, typename Out>
  void write_near(const Group& group, const Block<R, T>& block, Index row, Index size, bool by_columns, Index n,
                  const Out& out) const {
    using Most = std::conditional_t<has_fma && !is_scalar<P>, Twin<P>, P>;
    const Index di = by_columns ? 0 : 1, dk = by_columns ? group.step : 0;
    if (n >= lanes<Most> && out.in_pieces(row, group.sin, di, dk, n) && out.in_pieces(row, group.cos, di, dk, n)) {
      write_near<form, Most, true>(group, block, row, size, by_columns, out);
    } else if (n >= lanes<Most>) {
      write_near<form, Most>(group, block, row, size, by_columns, out);
    } else if (n >= lanes<P>) {
      write_near<form, P>(group, block, row, size, by_columns, out);
    } else {
      write_near<form == Form::zipped ? Form::apart : form, void>(group, block, row, size, by_columns, out);
    }
  }

  template <typename T>
  static bool is_near(const Group& group, const Block<R, T>& block, Index i) {
    // As bits, which order magnitudes as values do, with NaN last: -ffast-math may answer any comparison with a NaN.
    return bits(static_cast<double>(block.a[i])) < bits(group.reach);
  }

  /// The rows that reduce() holds for, and if by_columns also something in the others.
  template <Form form, typename V, bool streams = false, typename T, typename Out>
  void write_near(const Group& group, const Block<R, T>& block, Index row, Index size, bool by_columns,
                  const Out& out) const {
    constexpr bool phased = form == Form::sines, long_t = Block<R, T>::long_t;
    const auto first = static_cast<std::size_t>(group.offset);
    const L *q_a = q_.a.data() + first, *q_b = q_.b.data() + first, *phase_a = phase_.a.data() + first,
            *phase_b = phase_.b.data() + first;
    if (by_columns) {
      for (Index j = 0; j < group.count; ++j) {
        const Waves<phased, long_t, const L*, const R*, L> waves{
            {block.a, block.b}, block.sign, {q_a[j], q_b[j]}, {phase_a[j], phase_b[j]}};
        write_line<form, V, streams>({row, group.sin + j * group.step, group.cos + j * group.step, 1, 0, size}, waves,
                                     out);
      }
    } else {
      for (Index i = 0; i < size; ++i) {
        if (!is_near(group, block, i)) continue;
        const Waves<phased, long_t, L, R, const L*> waves{
            {block.a[i], block.b[i]}, block.sign[i], {q_a, q_b}, {phase_a, phase_b}};
        write_line<form, V, streams>({row + i, group.sin, group.cos, 0, group.step, group.count}, waves, out);
      }
    }
  }

  /// Straight to the output by packets V, or by way of a tile where V is void.
  template <Form form, typename V, bool streams = false, typename Waves, typename Out>
  EIGEN_ALWAYS_INLINE static void write_line(const Line& line, const Waves& waves, const Out& out) {
    if constexpr (std::is_void_v<V>) {
      write_by_tiles<form>(line, waves, out);
    } else {
      sweep<form, V, streams>(&out.at(line.i, line.sin), &out.at(line.i, line.cos), 0, line.n, waves);
    }
  }

  template <Form form, typename Waves, typename Out>
  static void write_by_tiles(const Line& line, const Waves& waves, const Out& out) {
    constexpr Index tile = 256;
    typename Out::Scalar sines[tile], cosines[tile];
    for (Index begin = 0; begin < line.n; begin += tile) {
      const Index m = std::min(tile, line.n - begin);
      sweep<form, P, false>(sines, cosines, begin, (m + lanes<P> - 1) / lanes<P> * lanes<P>, waves);
      for (Index j = 0; j < m; ++j) {
        const Index i = line.i + (begin + j) * line.di, dk = (begin + j) * line.dk;
        out.at(i, line.sin + dk) = sines[j];
        if constexpr (form == Form::apart) out.at(i, line.cos + dk) = cosines[j];
      }
    }
  }

  Parts q_, phase_;
  std::vector<Group> groups_;
  std::vector<Constant> constants_;
};

}  // namespace phasor::detail
