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
  /// Writes values[0 … n-1] to that line.
  template <typename R>
  void write(Index i, Index k, Index di, Index dk, Index n, const R* values) const {
    using Line = Eigen::Array<Scalar, Eigen::Dynamic, 1>;
    using Values = Eigen::Map<const Eigen::Array<R, Eigen::Dynamic, 1>>;
    Scalar* const line = data + i * row_stride + k * column_stride;
    const Index stride = di * row_stride + dk * column_stride;
    if (stride == 1) {
      Eigen::Map<Line>(line, n) = Values(values, n).template cast<Scalar>();
    } else {
      Eigen::Map<Line, 0, Eigen::InnerStride<>>(line, n, Eigen::InnerStride<>(stride)) =
          Values(values, n).template cast<Scalar>();
    }
  }
  bool by_columns() const { return row_stride == 1; }
};

/// The same for an expression whose elements have no addresses.
template <typename Expression>
struct Coefficients {
  using Scalar = typename Expression::Scalar;
  Expression& out;

  Scalar* contiguous(Index, Index, Index, Index) const { return nullptr; }
  template <typename R>
  void write(Index i, Index k, Index di, Index dk, Index n, const R* values) const {
    for (Index m = 0; m < n; ++m) out.coeffRef(i + m * di, k + m * dk) = static_cast<Scalar>(values[m]);
  }
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
  if constexpr (std::is_same_v<T, R> && !has_fma) {
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
  static constexpr Index capacity = 64;
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

template <typename R>
class Table {
  using P = Packet<R>;
  using W = Wide<P>;
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
        // a phase of at most half a turn, the multiple of 1/16 quarter turns first
        const double phase = group.paired ? 0 : 4 * std::remainder(spectrum.phase[k], 1.);
        const double head = has_fma || std::is_same_v<R, double> ? std::nearbyint(phase * 16) / 16 : phase;
        push(phase_, {static_cast<L>(head), static_cast<L>(phase - head)});
      }
      // |t q| <= 2^21 or 2^16 leaves y its low bits. Integers above 2^53 would need a third part of t; and where
      // q > 2^53, t might be denormal, or flushed to zero, in a float.
      group.reach = largest > 0x1p53 ? 0 : std::min((group.paired ? 0x1p21 : 0x1p16) / largest, 0x1p53);
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
      for (Index i = 0; i < size; ++i) out.write(row + i, constant.column, 1, 0, 1, &constant.value);
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
  static Two<W> load_two(const L* a, const L* b) { return {load<W>(a), load<W>(b)}; }
  static Two<W> broadcast_two(L a, L b) { return {broadcast<W>(a), broadcast<W>(b)}; }

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
    using Times = Block<R, T>;
    const auto offset = static_cast<std::size_t>(group.offset);
    const L *q_a = q_.a.data() + offset, *q_b = q_.b.data() + offset, *phase_a = phase_.a.data() + offset,
            *phase_b = phase_.b.data() + offset;
    const bool by_columns = out.by_columns() && size > 1;
    if (by_columns) {
      for (Index j = 0; j < group.count; ++j) {
        const Two<W> q = broadcast_two(q_a[j], q_b[j]), phase = broadcast_two(phase_a[j], phase_b[j]);
        line<paired>(out, row, group.sin + j * group.step, group.cos + j * group.step, 1, 0, size, [&](Index i) {
          const P sign = ploadu<P>(block.sign + i);
          return wave(reduce<!paired, Times::long_t>(load_two(block.a + i, block.b + i), sign, q, phase), sign);
        });
      }
    }
    for (Index i = 0; i < size; ++i) {
      const P sign = pset1<P>(block.sign[i]);
      if (!(static_cast<double>(block.a[i]) < group.reach)) {
        line<paired>(out, row + i, group.sin, group.cos, 0, group.step, group.count,
                     [&](Index j) { return exact_wave(spectrum, group, block.t[i], j); });
      } else if (!by_columns) {
        const Two<W> t = broadcast_two(block.a[i], block.b[i]);
        line<paired>(out, row + i, group.sin, group.cos, 0, group.step, group.count, [&](Index j) {
          return wave(reduce<!paired, Times::long_t>(t, sign, load_two(q_a + j, q_b + j),
                                                     load_two(phase_a + j, phase_b + j)),
                      sign);
        });
      }
    }
  }

  /// The waves j, j + 1, … of a group at any t: NaN unless t is finite.
  template <typename T>
  static Pair<P> exact_wave(const Spectrum& spectrum, const Group& group, T t, Index j) {
    R r[lanes<P>], y[lanes<P>];
    for (Index l = 0; l < lanes<P>; ++l) {
      const Index k = group.sin + std::min(j + l, group.count - 1) * group.step;
      const Reduced<R> reduced = reduce_exactly<R>(magnitude_of(t), is_negative(t), spectrum.frequency[k],
                                                   group.paired ? 0 : turns(spectrum.phase[k]));
      r[l] = is_finite(static_cast<double>(t)) ? reduced.r : std::numeric_limits<R>::quiet_NaN();
      y[l] = reduced.y;
    }
    return wave(Reduced<P>{ploadu<P>(r), ploadu<P>(y)}, pset1<P>(is_negative(t) ? R(-0.) : R(0)));
  }

  /// Writes n values of wave(0), wave(lanes), … to the lines from (i, sin) and (i, cos) on in steps of (di, dk).
  template <bool paired, typename Out, typename Wave>
  static void line(const Out& out, Index i, Index sin, Index cos, Index di, Index dk, Index n, const Wave& wave) {
    if constexpr (std::is_same_v<typename Out::Scalar, R>) {
      R *const to_sin = out.contiguous(i, sin, di, dk), *const to_cos = out.contiguous(i, cos, di, dk);
      if (to_sin && n >= lanes<P>) {
        for (Index j = 0; j < n; j += lanes<P>) {
          const Index at = std::min(j, n - lanes<P>);  // the last packet overlaps the one before: same bits again
          const Pair<P> values = wave(at);
          pstoreu(to_sin + at, values.sin);
          if constexpr (paired) pstoreu(to_cos + at, values.cos);
        }
        return;
      }
    }
    constexpr Index tile = 256;
    R sines[tile], cosines[tile], both[2 * tile];
    for (Index begin = 0; begin < n; begin += tile) {
      const Index m = std::min(tile, n - begin);
      for (Index j = 0; j < m; j += lanes<P>) {
        const Pair<P> values = wave(begin + j);
        pstoreu(sines + j, values.sin);
        if constexpr (paired) pstoreu(cosines + j, values.cos);
      }
      if (paired && dk == 2 && cos == sin + 1) {
        for (Index j = 0; j < m; ++j) {
          both[2 * j] = sines[j];
          both[2 * j + 1] = cosines[j];
        }
        out.write(i, sin + 2 * begin, 0, 1, 2 * m, both);
      } else {
        out.write(i + begin * di, sin + begin * dk, di, dk, m, sines);
        if constexpr (paired) out.write(i + begin * di, cos + begin * dk, di, dk, m, cosines);
      }
    }
  }

  Parts q_, phase_;
  std::vector<Group> groups_;
  std::vector<Constant> constants_;
};

}  // namespace phasor::detail
