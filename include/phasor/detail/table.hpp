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
  bool is_streamable(Index i, Index k, Index di, Index dk, Index n) const {
    const auto elements = static_cast<std::uintptr_t>((di * row_stride + dk * column_stride) | n);
    return streams &&
           (reinterpret_cast<std::uintptr_t>(&at(i, k)) | elements * sizeof(Scalar)) % sizeof(Packet<float>) == 0;
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
  bool is_streamable(Index, Index, Index, Index, Index) const { return false; }
};

/// How far an angle t f goes, and so how it is reduced: in the precision of the output, floats in double, or in integers.
enum class Reach { direct, in_double, exact };

/// x in the two parts of a frequency; see Two.
template <typename Real>
Two<Real> split(double x) {
  const bool halves = sizeof(Real) == 8 && !has_fma;
  const Real a =
      halves ? static_cast<Real>(bit_cast<double>(bits(x) & ~std::uint64_t(0x7ffffff))) : opaque(static_cast<Real>(x));
  return {a, static_cast<Real>(x - static_cast<double>(a))};
}

/// count, rounded up to whole vectors.
template <typename Real>
Index in_vectors(Index count) {
  constexpr Index n = lanes<Packet<Real>>;
  return (count + n - 1) / n * n;
}

/// Up to `capacity` timesteps of type T, ready for reduce() in the precision of Real, and in double. If there is a vector
/// of them, zeros fill the last one.
template <typename Real, typename T>
struct Block {
  static constexpr Index capacity = 256;
  /// True if t may need a low part: with FMA, only for floats, and there a double or an integer of more than 16 bits.
  static constexpr bool is_long =
      !has_fma || (std::is_same_v<Real, float> && !std::is_same_v<T, float> && sizeof(T) > 2);

  Index size;
  T t[capacity];
  Two<Real[capacity]> direct;
  double in_double[capacity];

  /// Timesteps get(0) … get(size_ - 1).
  template <typename Get>
  Block(Index size_, const Get& get) : size(size_) {
    const Index filled = size < lanes<Packet<Real>> ? size : in_vectors<Real>(size);
    for (Index i = 0; i < size; ++i) t[i] = get(i);
    for (Index i = size; i < filled; ++i) t[i] = 0;
    for (Index i = 0; i < filled; ++i) {
      in_double[i] = static_cast<double>(t[i]);
      const auto parts = split<Real>(in_double[i]);
      direct.a[i] = parts.a;
      direct.b[i] = !has_fma ? parts.b : is_long && parts.a != 0 ? parts.b / parts.a : 0;
    }
  }
};

/// Waves whose outputs stand `step` columns apart.
struct Group {
  bool paired;     ///< or single, of any phase
  Index sin, cos;  ///< first columns
  Index step, count;
  Index offset;                                 ///< of the first wave in the table
  std::uint64_t direct_below, in_double_below;  ///< bits of a double: |t| below it is reduced so

  /// How angles of t are reduced. By bits, which order magnitudes as values do, NaN last; see is_finite().
  Reach reach(const double& t) const {
    const std::uint64_t magnitude = get<std::uint64_t>(&t) & ~std::uint64_t(0) >> 1;
    return magnitude < direct_below ? Reach::direct : magnitude < in_double_below ? Reach::in_double : Reach::exact;
  }
};

/// The vector V of a number, or of an array from its element j on.
template <typename V, typename X>
EIGEN_ALWAYS_INLINE V fetch(X x, Index j) {
  if constexpr (std::is_pointer_v<X>) {
    return ei::ploadu<V>(x + j);
  } else {
    return ei::pset1<V>(x);
  }
}
template <typename V, typename X>
EIGEN_ALWAYS_INLINE Two<V> fetch(const Two<X>& x, Index j) {
  return {fetch<V>(x.a, j), fetch<V>(x.b, j)};
}

/// How the waves of a line are written: single ones, sines and cosines in two places, or in one, sine before cosine.
enum class Form { single, apart, zipped };

/// Writes x to sin[0], sin[1], … and cos[0], cos[1], …, past the caches if `streams`.
template <Form form, bool streams, typename V, typename Scalar>
EIGEN_ALWAYS_INLINE void write(Scalar* sin, Scalar* cos, const SinCos<V>& x) {
  if constexpr (form == Form::zipped) {
    const auto [low, high] = zip(x, std::make_integer_sequence<int, lanes<V>>());
    store<streams>(sin, low);
    store<streams>(sin + lanes<V>, high);
  } else {
    store<streams>(sin, x.sin);
    if constexpr (form == Form::apart) store<streams>(cos, x.cos);
  }
}

/// The waves of angles(0), angles(1), … angles(n - 1), by vectors, n >= lanes<V>.
template <Form form, bool streams, typename Scalar, typename Angles>
EIGEN_ALWAYS_INLINE void write_all(Scalar* sin, Scalar* cos, Index n, const Angles angles) {
  constexpr Index width = lanes<decltype(angles(0).r)>, step = form == Form::zipped ? 2 : 1;
  Index j = 0;
  for (; j <= n - 2 * width; j += 2 * width) {  // two, so that neither waits for itself
    const auto x = wave(angles(j)), y = wave(angles(j + width));
    write<form, streams>(sin + step * j, cos + j, x);
    write<form, streams>(sin + step * (j + width), cos + j + width, y);
  }
  for (; j < n; j += width) {
    const Index last = std::min(j, n - width);  // may overlap the one before: the same bits again
    write<form, streams>(sin + step * last, cos + last, wave(angles(last)));
  }
}

/// Where `count` waves go: wave j to row + j * di, and columns sin + j * dk and cos + j * dk.
struct Line {
  Index row, sin, cos, di, dk, count;
};

/// Where a line is written: to neighbours in memory, through the caches or past them; or to places anywhere.
enum class Way { stored, streamed, scattered };

template <typename Real>
class Table {
  using V = Packet<Real>;
  static constexpr bool is_float = std::is_same_v<Real, float>;

 public:
  explicit Table(const Spectrum& spectrum) {
    find_groups(spectrum);
    for (Group& group : groups_) {
      double fastest = 0;
      for (Index j = 0; j < group.count; ++j)
        fastest = std::max(fastest, std::abs(f_[static_cast<std::size_t>(group.offset + j)]));
      // Not from |t| = 2^53 on, where an integer may have more digits than a double; nor where all f are denormal, or
      // f > 2^51, at which t may be: arithmetic may flush those.
      const bool is_ordinary = fastest >= std::numeric_limits<double>::min() && fastest <= 0x1p51;
      const auto limit = [&](double most) { return bits(is_ordinary ? std::min(most / fastest, 0x1p53) : 0.); };
      group.direct_below = limit(is_float ? float_reach : double_reach);
      group.in_double_below = limit(is_float ? in_double_reach : 0);
    }
    for (Index l = 0; l < lanes<V>; ++l) push(0, 0);
  }

  /// Writes rows row … row + block.size - 1; "by columns" if the lanes of a vector are timesteps, rather than waves.
  template <typename T, typename Out>
  void write(const Block<Real, T>& block, Index row, const Out& out) const {
    const bool by_columns = block.size >= lanes<V> && out.is_contiguous(1, 0);
    for (const Group& group : groups_) {
      if (!group.paired) {
        by_columns ? write_group<Form::single, true>(group, block, row, out)
                   : write_group<Form::single, false>(group, block, row, out);
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
      if (taken[k]) constants_.push_back({k, wave(reduce_exactly<Real>(0, f[k], phase[k])).sin});
    }
    const auto is_pair = [&](Index sin, Index cos) {
      return std::max(sin, cos) < dim && !taken[sin] && !taken[cos] && phase[sin] == 0 && phase[cos] == 0.25 &&
             bits(std::abs(f[sin])) == bits(std::abs(f[cos]));  // == may flush denormals
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

  /// Adds a wave, or what is read beyond the last one.
  void push(double wave_f, double phase) {
    const double head = std::nearbyint(phase / phase_step) * phase_step;
    const Two<Real> f = split<Real>(wave_f);
    f_.push_back(wave_f);
    direct_f_.a.push_back(f.a);
    direct_f_.b.push_back(f.b);
    phase_.push_back(phase);
    direct_phase_.a.push_back(static_cast<Real>(head));
    direct_phase_.b.push_back(static_cast<Real>(phase - head));
  }

  /// By columns, rows that are not reduced in the usual way first hold garbage, and are then written over.
  template <Form form, bool by_columns, typename T, typename Out>
  void write_group(const Group& group, const Block<Real, T>& block, Index row, const Out& out) const {
    constexpr Reach usual = is_float && !has_fma ? Reach::in_double : Reach::direct;
    constexpr bool phased = form == Form::single;
    if constexpr (by_columns) {
      const Way way = way_of<form, true>(group, block.size, row, out);
      for (Index j = 0; j < group.count; ++j) {
        const Line line{row, group.sin + j * group.step, group.cos + j * group.step, 1, 0, block.size};
        write_line<form>(line, way, angles<usual, phased, true>(block, 0, group.offset + j), out);
      }
    }
    const Way way = way_of<form, false>(group, block.size, row, out);
    for (Index i = 0; i < block.size; ++i) {
      const Line line{row + i, group.sin, group.cos, 0, group.step, group.count};
      const Reach reach = group.reach(block.in_double[i]);
      if (reach == usual) {
        if (!by_columns) write_line<form>(line, way, angles<usual, phased>(block, i, group.offset), out);
        continue;
      }
      if (by_columns && out.streams) stream_fence();  // before the row is written over
      if (reach == Reach::exact) {
        write_line<form>(line, way, angles<Reach::exact, phased>(block, i, group.offset), out);
      } else if constexpr (is_float) {
        write_line<form>(line, way, angles<Reach::in_double, phased>(block, i, group.offset), out);
      }
    }
  }

  template <Form form, bool by_columns, typename Out>
  static Way way_of(const Group& group, Index rows, Index row, const Out& out) {
    constexpr bool zipped = form == Form::zipped;
    const Index n = by_columns ? rows : group.count;
    if (n < lanes<V> || !(by_columns || zipped || out.is_contiguous(0, group.step))) return Way::scattered;
    const auto is_streamable = [&](Index k) {
      return out.is_streamable(row, k, !by_columns, by_columns ? group.step : 0, zipped ? 2 * n : n);
    };
    return is_streamable(group.sin) && (form != Form::apart || is_streamable(group.cos)) ? Way::streamed : Way::stored;
  }

  /// Functions of k: the angles of row i of the block and waves j + k and on, or by_columns of rows i + k and on and
  /// wave j; by vectors of the precision that they are reduced in.
  template <Reach reach, bool phased, bool by_columns = false, typename T>
  EIGEN_ALWAYS_INLINE auto angles(const Block<Real, T>& block, Index i, Index j) const {
    const auto t = [i](const auto* x) {
      if constexpr (by_columns)
        return x + i;
      else
        return x[i];
    };
    const auto f = [j](const auto& x) {
      if constexpr (by_columns)
        return x.data()[j];
      else
        return x.data() + j;
    };
    if constexpr (reach == Reach::direct) {
      return [t = Two{t(block.direct.a), t(block.direct.b)}, f = Two{f(direct_f_.a), f(direct_f_.b)},
              phase = Two{f(direct_phase_.a), f(direct_phase_.b)}](Index k) PHASOR_INLINE {
        return reduce<V, phased, Block<Real, T>::is_long>(fetch<V>(t, k), fetch<V>(f, k), fetch<V>(phase, k));
      };
    } else if constexpr (reach == Reach::in_double) {
      return [t = t(block.in_double), f = f(f_), phase = f(phase_)](Index k) PHASOR_INLINE {
        using W = Packet<double>;
        const W zero = ei::pset1<W>(0);
        return reduce<W, phased, false>({fetch<W>(t, k), zero}, {fetch<W>(f, k), zero}, {fetch<W>(phase, k), zero});
      };
    } else {
      return [t = block.t[i], finite = is_finite(block.in_double[i]), f = f(f_), phase = f(phase_)](Index k) {
        Reduced<Real> angle = reduce_exactly<Real>(t, f[k], phase[k]);
        if (!finite)
          angle.r = opaque(bit_cast<Real>(~Bits<Real>(0) << (std::numeric_limits<Real>::digits - 2)));  // NaN
        return angle;
      };
    }
  }

  /// Writes the waves of these angles, by tiles: up to 256 angles are reduced, and then their waves computed. Or both at
  /// once, where there are registers enough and stores do not wait for memory.
  template <Form form, typename Angles, typename Out>
  static EIGEN_ALWAYS_INLINE void write_line(const Line& line, Way way, const Angles& angles, const Out& out) {
    using W = decltype(angles(0).r);
    if constexpr (has_32_registers && std::is_same_v<W, V>) {
      if (way == Way::stored) return write_neighbours<form, false>(line, angles, out);
    }
    alignas(64) Real r[tile];
    alignas(64) Bits<Real> n[tile];
    for (Index next = 0; next < line.count; next += tile) {
      const Index first = way == Way::scattered ? next : std::min(next, line.count - lanes<V>);
      const Index count = std::min(tile, line.count - first);
      for (Index j = 0; j < in_vectors<Real>(count); j += lanes<W>) {
        const Reduced<W> angle = angles(first + j);
        put(r + j, convert<VectorOf<Real, lanes<W>>>(angle.r));
        put(n + j, convert<VectorOf<Bits<Real>, lanes<W>>>(angle.n));
      }
      const Index i = first * line.di, k = first * line.dk;
      write_tile<form>({line.row + i, line.sin + k, line.cos + k, line.di, line.dk, count}, way, r, n, out);
    }
  }

  template <Form form, typename Out>
  static void write_tile(const Line& line, Way way, const Real* r, const Bits<Real>* n, const Out& out) {
    const auto angles = [=](Index j) PHASOR_INLINE { return Reduced<V>{get<V>(r + j), get<Bits<V>>(n + j)}; };
    if (way == Way::stored) return write_neighbours<form, false>(line, angles, out);
    if (way == Way::streamed) return write_neighbours<form, true>(line, angles, out);
    typename Out::Scalar sines[tile], cosines[tile];
    write_all<form == Form::single ? form : Form::apart, false>(sines, cosines, in_vectors<Real>(line.count), angles);
    for (Index j = 0; j < line.count; ++j) {
      out.at(line.row + j * line.di, line.sin + j * line.dk) = sines[j];
      if (form != Form::single) out.at(line.row + j * line.di, line.cos + j * line.dk) = cosines[j];
    }
  }

  template <Form form, bool streams, typename Angles, typename Out>
  static EIGEN_ALWAYS_INLINE void write_neighbours(const Line& line, const Angles& angles, const Out& out) {
    write_all<form, streams>(&out.at(line.row, line.sin), &out.at(line.row, line.cos), line.count, angles);
  }

  static constexpr Index tile = 256;

  std::vector<double> f_, phase_;
  Two<std::vector<Real>> direct_f_, direct_phase_;
  std::vector<Group> groups_;
  std::vector<Constant> constants_;
};

}  // namespace phasor::detail

#ifndef __clang__
#pragma GCC diagnostic pop
#endif
