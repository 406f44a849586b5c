// phasor: the loops: reduce, evaluate, deliver. No include guard: included once for each target, after arithmetic.hpp, in the
// target's namespace and region. Expects
// types.hpp, exact.hpp and kernels.hpp's Output types.
//
// Rows and columns are one loop: a block is many timesteps by one wave (columns), many waves by one timestep (rows), or as many of
// both (tiles: some timesteps by each wave of a small group). Angle j is of timestep j & t_mask and of wave j & wave_mask, where
// a mask is ~0, or 0 for what all lanes share.
//
// What the loops are compiled for: a target, a Real, an Output, waves with phases or plain ones; and what they ask at run time:
// whether timesteps have low parts, the Form of a group, the reduction, whether stores pass the caches; rows or columns.

#include <phasor/detail/vectors.hpp>
#include <phasor/detail/arithmetic.hpp>

/// By which reductions some |t| go.
enum Reductions : unsigned char { directly = 1, in_double = 2, in_integers = 4 };

PHASOR_INLINE unsigned reduction_of(const double& t, const Group& group) {
  const std::uint64_t size = magnitude(t);
  return size < group.direct_below ? unsigned(directly) : size < group.floating_below ? unsigned(in_double) : unsigned(in_integers);
}

/// A timestep: t = high (1 + low). Doubles have no low part.
template <typename Real>
struct Split {
  Real high, low = 0;
  bool has_low = false;

  PHASOR_INLINE explicit Split(const double& t) : high(opaque(static_cast<Real>(t))) {  // (else double(float(t)) may be t)
    if constexpr (sizeof(Real) == 4) {
      const double more = t - static_cast<double>(high);
      has_low = bits(more) << 1 != 0 && magnitude(t) - least < bits(0x1p53) - least;
      if (has_low) low = static_cast<float>(more / static_cast<double>(high));
    }
  }
  static constexpr std::uint64_t least = std::uint64_t(1023 - 126) << 52;  ///< the bits of 2^-126, as a double
};

/// A line of angles: of one timestep and some waves (a row), of timesteps and one wave (a column), or of timestep j and wave j (a
/// tile: some timesteps by each wave of a small group).
template <typename Real>
struct Line {
  bool one_time, one_wave;
  Index count;
  const double* t;
  const Real *t_high, *t_low;
  bool has_low;                     ///< some t_low counts
  const unsigned char* reductions;  ///< of each vector
  const Waves<Real>* waves;
  Index first;  ///< wave
};

/// What angles j, j + 1, ... are made of: x[0] in all lanes, or x[j], x[j + 1], ...
enum class Number { one, many, one_or_many };
template <Number number, typename Vectors, typename From>
struct Factor {
  const From* const x;
  const bool is_one;
  PHASOR_INLINE Factor(const From* from, bool one) : x(from), is_one(one) {}
  PHASOR_INLINE Vectors operator()(Index j) const {
    if constexpr (number == Number::one_or_many)
      if (is_one) return all<Vectors>(*x);
    return load<Vectors>(x + j);
  }
};
template <typename Vectors, typename From>
struct Factor<Number::one, Vectors, From> {
  const Vectors x;
  PHASOR_INLINE Factor(const From* from, bool) : x(all<Vectors>(*from)) {}
  PHASOR_INLINE Vectors operator()(Index) const { return x; }
};

/// Reduce, directly. Holds copies, which no output that is stored can change.
template <typename Real, bool phased, Number times, Number number>
struct DirectAngles {
  using V = Vector<Real>;
  const Factor<times, V, Real> t_high;
  const Factor<times == Number::one ? Number::one_or_many : times, V, Real> t_low;  // rarely read: no register for it
  const Factor<number, V, Real> f_high, f_low, phase_high, phase_low, rounder;
  const bool has_low;

  PHASOR_INLINE DirectAngles(bool one_time, const Real* high, const Real* low, bool low_counts, bool one_wave,
                             const Waves<Real>& waves, Index k)
      : t_high(high, one_time), t_low(low, one_time), f_high(waves.f_high + k, one_wave), f_low(waves.f_low + k, one_wave),
        phase_high(waves.phase_high + k, one_wave), phase_low(waves.phase_low + k, one_wave),
        rounder(waves.rounder + k, one_wave), has_low(sizeof(Real) == 4 && low_counts) {}

  PHASOR_INLINE Angle<Real> operator()(Index j) const {
    const V t = t_high(j), f = f_high(j);
    V rest = f_low(j);
    if (PHASOR_RARELY(has_low)) rest = mul_add<Real>(t_low(j), f, rest);
    if constexpr (phased) return reduce<Real, true>(t, f, rest, phase_high(j), phase_low(j), rounder(j));
    else return reduce<Real, false>(t, f, rest, V{}, V{}, all<V>(magic<Real>));
  }
};

/// Angles in memory, whichever way they were reduced.
template <typename Real>
struct Angles {
  alignas(64) Real r[max_waves + max_lanes];
  alignas(64) Word<Real> n[max_waves + max_lanes];

  PHASOR_INLINE Angle<Real> operator()(Index j) const { return {load<Vector<Real>>(r + j), load<Integers<Real>>(n + j)}; }
};

/// Reduce, in double: floats from j on, half a vector of them. `some`: only where |t| asks for it.
PHASOR_INLINE void store_in_double(const Line<float>& line, bool phased, Index j, const Group& group, bool some,
                                   Angles<float>& angles) {
  using Doubles = Factor<Number::one_or_many, Vector<double>, double>;
  using Words = typename vector_of<std::uint32_t, lanes<double>>::type;
  using Floats = typename vector_of<float, lanes<double>>::type;
  const Waves<float>& waves = *line.waves;
  const Index k = line.first;
  const Vector<double> t = Doubles(line.t, line.one_time)(j);
  const Angle<double> angle = reduce_in_double(
      t, Doubles(waves.f + k, line.one_wave)(j), phased ? Doubles(waves.phase + k, line.one_wave)(j) : Vector<double>{});
  Words r = same_bits<Words>(convert<Floats>(angle.r)), n = convert<Words>(angle.n);
  if (phased) n += same_bits<Words>(Factor<Number::one_or_many, Floats, float>(waves.rounder + k, line.one_wave)(j));
#if PHASOR_TARGET != PHASOR_SCALAR
  if (some) {
    const Integers<double> size = same_bits<Integers<double>>(t) << 1 >> 1;
    const Words chosen = convert<Words>(size >= group.direct_below);
    r = (r & chosen) | (load<Words>(angles.r + j) & ~chosen);
    n = (n & chosen) | (load<Words>(angles.n + j) & ~chosen);
  }
#endif
  put(angles.r + j, r);
  put(angles.n + j, n);
}

/// Reduce: a line, each angle by the fastest reduction that its |t| allows.
template <typename Real, bool phased>
PHASOR_NOINLINE void reduce_line(const Line<Real>& given, const Group& group, Angles<Real>& angles) {
  const Line<Real> line = given;  // a copy, which no angle that is stored can change
  unsigned seen = 0;
  for (Index j = 0; j < line.count; j += lanes<Real>) {
    const unsigned ways = line.reductions[line.one_time ? 0 : j / lanes<Real>];
    seen |= ways;
    if constexpr (has_fma)
      if (ways & directly) {
        const auto angle = DirectAngles<Real, phased, Number::one_or_many, Number::one_or_many>(
            line.one_time, line.t_high, line.t_low, line.has_low, line.one_wave, *line.waves, line.first)(j);
        put(angles.r + j, angle.r);
        put(angles.n + j, angle.n);
      }
    if constexpr (sizeof(Real) == 4)
      if (ways & in_double)
        for (Index half = 0; half < lanes<float>; half += lanes<double>)
          store_in_double(line, phased, j + half, group, ways != in_double, angles);
  }
  if (seen & in_integers)
    reduce_in_integers(line.t, line.one_time, *line.waves, line.first, line.one_wave, line.count, group.floating_below,
                       angles.r, angles.n);
}

/// Evaluate: a line of `count` waves, or of a vector if that is more, to sin[0], sin[1], ... and cos[0], ...; interleaved, all
/// from `sin` on. The last vector may overlap another: the same bits again. `streams`: past the caches.
template <bool phased, typename Real, typename Output, typename AngleAt>
PHASOR_INLINE void evaluate(const AngleAt& angle_at, Index count, Output* sin, Output* cos, bool interleaved, bool streams) {
  constexpr auto numbers = std::make_integer_sequence<int, static_cast<int>(lanes<Real>)>();
  const auto store = [=](Output* out, const Vector<Real>& x) PHASOR_INLINE_LAMBDA {
    if (PHASOR_RARELY(streams)) put_streamed(out, as_output<Output>(x));
    else put(out, as_output<Output>(x));
  };
  const Index last = count > lanes<Real> ? count - lanes<Real> : 0;
  for (Index j = 0; j <= last; j += lanes<Real>) {
    const SinCos<Real> x = sin_cos<Real>(angle_at(j));
    if (!phased && PHASOR_RARELY(interleaved)) {
      store(sin + 2 * j, zipped<Real, 0>(x.sin, x.cos, numbers));
      store(sin + 2 * j + lanes<Real>, zipped<Real, static_cast<int>(lanes<Real>)>(x.sin, x.cos, numbers));
    } else {
      store(sin + j, x.sin);
      if (!phased) store(cos + j, x.cos);
    }
    if (j < last && j + lanes<Real> > last) j = last - lanes<Real>;
  }
}

template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_by_memory(const Line<Real>& line, const Group& group, Output* sin, Output* cos, bool interleaved,
                                       bool streams) {
  Angles<Real> angles;
  reduce_line<Real, phased>(line, group, angles);
  evaluate<phased, Real>(angles, line.count, sin, cos, interleaved, streams);
}

template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_row_by_memory(const Waves<Real>& waves, const Group& group, const double* t, Output* sin,
                                           Output* cos, bool interleaved, bool streams) {
  const Split<Real> time(*t);
  const auto reductions = static_cast<unsigned char>(reduction_of(*t, group));
  compute_by_memory<Real, phased>(Line<Real>{true, false, group.count, t, &time.high, &time.low, time.has_low, &reductions,
                                             &waves, group.first},
                                  group, sin, cos, interleaved, streams);
}

/// Rows of a group, from timestep *t on, `stride` outputs apart.
template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_rows(const Waves<Real>& waves, const Group& group, const double* t, Index rows, Output* sin,
                                  Output* cos, Index stride, bool interleaved, bool streams) {
  for (const double* const end = t + rows; t != end; ++t, sin += stride, cos += stride) {
    if (PHASOR_RARELY(!has_fma || magnitude(*t) >= group.direct_below)) {
      compute_row_by_memory<Real, phased>(waves, group, t, sin, cos, interleaved, streams);
    } else {
      const Split<Real> time(*t);
      const DirectAngles<Real, phased, Number::one, Number::many> angles(true, &time.high, &time.low, time.has_low, false, waves,
                                                                         group.first);
      evaluate<phased, Real>(angles, group.count, sin, cos, interleaved, streams);
    }
  }
}

template <typename Real, typename Output>
PHASOR_INLINE auto* compute_rows_of(const Group& group) {
  return group.phased ? compute_rows<Real, true, Output> : compute_rows<Real, false, Output>;
}

/// Columns of a group, `stride` outputs apart, of waves from line.first on; or a tile.
template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_columns(Line<Real> line, const Group& group, Index columns, Output* sin, Output* cos, Index stride,
                                     bool streams) {
  for (const Index end = line.first + columns; line.first != end; ++line.first, sin += stride, cos += stride) {
    if (!has_fma || line.reductions) {
      compute_by_memory<Real, phased>(line, group, sin, cos, false, streams);
    } else {
      const DirectAngles<Real, phased, Number::many, Number::one_or_many> angles(false, line.t_high, line.t_low, line.has_low,
                                                                                 line.one_wave, *line.waves, line.first);
      evaluate<phased, Real>(angles, line.count, sin, cos, false, streams);
    }
  }
}

/// Calls compute(first line, lines, sin, cos) where sines and cosines of `lines` lines are to be, `stride` outputs apart. Where a
/// null says nowhere, scratch takes one line after the other.
template <typename Output, typename Compute>
PHASOR_INLINE void deliver(Index lines, Output* sin, Output* cos, Index stride, const Compute& compute) {
  if (sin && cos) return compute(Index(0), lines, sin, cos);
  alignas(64) Output scratch[max_times];
  for (Index line = 0; line < lines; ++line)
    compute(line, Index(1), sin ? sin + line * stride : scratch, cos ? cos + line * stride : scratch);
}

/// Timesteps as a line has them.
template <typename Real, Index capacity>
struct Times {
  alignas(64) Real high[capacity];
  alignas(64) Real low[sizeof(Real) == 4 ? capacity : max_lanes];
  unsigned char reductions[capacity];
  bool has_low = false;
  std::uint64_t largest = 0;  ///< |t|, by its bits

  /// Places i ... i + copies - 1; what is behind may be written too.
  PHASOR_INLINE void set(Index i, const double& t, Index copies) {
    const Split<Real> time(t);
    for (Index j = i; j < i + copies; j += lanes<Real>) {
      put(high + j, all<Vector<Real>>(time.high));
      if constexpr (sizeof(Real) == 4) put(low + j, all<Vector<Real>>(time.low));
    }
    has_low |= time.has_low;
    largest = magnitude(t) > largest ? magnitude(t) : largest;
  }
  /// Places 0 ... count - 1. Low parts are few, so they come after a look whether there are any.
  void set_all(const double* t, Index count) {
    using Doubles = Vector<double>;
    using Words = Integers<double>;
    constexpr Index step = lanes<double>;
    Words most{}, rests{};
    const Index whole = count - count % step;
    for (Index i = 0; i < whole; i += step) {
      const auto x = load<Doubles>(t + i);
      const auto x_high = opaque(convert<typename vector_of<Real, step>::type>(x));
      const Words size = same_bits<Words>(x) << 1 >> 1;
      put(high + i, x_high);
      most = size > most ? size : most;
      rests |= same_bits<Words>(x - convert<Doubles>(x_high)) << 1;
    }
    std::uint64_t sizes[step], some[step], any = 0;
    put(sizes, most);
    put(some, rests);
    for (Index l = 0; l < step; ++l) {
      largest = sizes[l] > largest ? sizes[l] : largest;
      any |= some[l];
    }
    for (Index i = any ? 0 : whole; i < count; ++i) {
      const Split<Real> time(t[i]);
      high[i] = time.high;
      if (sizeof(Real) == 4) low[i] = time.low;
      has_low |= time.has_low;
      largest = magnitude(t[i]) > largest ? magnitude(t[i]) : largest;
    }
    if (sizeof(Real) == 4 && has_low && !any) std::memset(low, 0, static_cast<std::size_t>(whole) * sizeof(Real));
  }
  /// The reductions of each vector for a group; null if all go directly.
  PHASOR_INLINE const unsigned char* reductions_of(const double* t, Index count, const Group& group) {
    if (largest < group.direct_below) return nullptr;
    for (Index i = 0; i < count; ++i) {
      const unsigned before = i % lanes<Real> ? reductions[i / lanes<Real>] : 0u;
      reductions[i / lanes<Real>] = static_cast<unsigned char>(before | reduction_of(t[i], group));
    }
    return reductions;
  }
};

/// Copies to places that stand `stride` outputs apart.
template <typename Output>
PHASOR_INLINE void copy_strided(Output* to, Index stride, const Output* from, Index count) {
  constexpr Index step = 8;
  if (stride != 1 || count < step) {
    for (Index j = 0; j < count; ++j) put(to + j * stride, from[j]);
  } else {  // memcpy of a size that is known is no call
    for (Index j = 0; j < count; j += step) {
      const Index first = j < count - step ? j : count - step;
      std::memcpy(static_cast<void*>(to + first), from + first, step * sizeof(Output));
    }
  }
}

/// Rows of a group whose outputs do not stand side by side, or fill no vector: as many timesteps at once as its waves have copies.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_scattered_rows(const Table<Real>& table, const Group& group, const double* t, Index count, Output* out,
                                          Index row_stride, Index column_stride) {
  alignas(64) Output sines[max_waves], cosines[max_waves];
  const Wave* const waves = table.waves + group.first;
  for (Index rows; count > 0; t += rows, count -= rows) {
    rows = group.copies < count ? group.copies : count;
    if (rows == 1) {
      compute_rows_of<Real, Output>(group)(table.arrays, group, t, 1, sines, cosines, 0, false, false);
    } else {
      double tiled[max_tile + max_lanes];
      Times<Real, max_tile + max_lanes> times;
      const Index places = rows * group.count;
      for (Index row = 0; row < rows; ++row) times.set(row * group.count, t[row], group.count);
      if (times.largest >= group.direct_below)
        for (Index j = 0; j < places; ++j) tiled[j] = t[j / group.count];
      const Line<Real> line = {false, false, places, tiled, times.high, times.low, times.has_low,
                               times.reductions_of(tiled, places, group), &table.arrays, group.first};
      (group.phased ? compute_columns<Real, true, Output> : compute_columns<Real, false, Output>)(line, group, 1, sines, cosines,
                                                                                                  0, false);
    }
    for (Index row = 0; row < rows; ++row, out += row_stride) {
      const Output *const sin = sines + row * group.count, *const cos = cosines + row * group.count;
      if (group.form == Form::scattered) {
        for (Index j = 0; j < group.count; ++j) {
          if (waves[j].sin != nowhere) put(out + waves[j].sin * column_stride, sin[j]);
          if (!group.phased && waves[j].cos != nowhere) put(out + waves[j].cos * column_stride, cos[j]);
        }
      } else {
        const Index stride = column_stride * (group.form == Form::interleaved ? 2 : 1);
        if (group.sin != nowhere) copy_strided(out + group.sin * column_stride, stride, sin, group.count);
        if (!group.phased && group.cos != nowhere) copy_strided(out + group.cos * column_stride, stride, cos, group.count);
      }
    }
  }
}

/// Where a column is, or null for nowhere.
template <typename Output>
PHASOR_INLINE Output* place_of(Index column, Output* out, Index stride) {
  return column == nowhere ? nullptr : out + column * stride;
}

/// Where streamed outputs are to stand: on whole lines of the cache.
template <typename Output>
PHASOR_INLINE bool is_at_lines(const Output* out, Index outputs) {
  return (reinterpret_cast<std::uintptr_t>(out) | static_cast<std::uintptr_t>(outputs) * sizeof(Output)) % 64 == 0;
}

template <typename Real, typename Output>
PHASOR_INLINE void embed_rows(const Table<Real>& table, const double* t, Index count, Output* out, Index row_stride,
                              Index column_stride, bool streams) {
  for (const Group *group = table.groups, *end = group + table.group_count; group != end; ++group) {
    if (column_stride != 1 || group->form == Form::scattered || group->count < lanes<Real>) {
      embed_scattered_rows(table, *group, t, count, out, row_stride, column_stride);
      continue;
    }
    deliver(count, place_of(group->sin, out, 1), place_of(group->cos, out, 1), row_stride,
            [=, waves = &table.arrays](Index first, Index rows, Output* sin, Output* cos) PHASOR_INLINE_LAMBDA {
              compute_rows_of<Real, Output>(*group)(*waves, *group, t + first, rows, sin, cos, row_stride,
                                                    group->form == Form::interleaved, streams);
            });
  }
  for (Index z = 0; z < table.zero_count; ++z)
    for (Index i = 0; i < count; ++i) put(out + i * row_stride + table.zeros[z] * column_stride, Output{});
}

/// Columns, `column_stride` outputs apart: count >= lanes outputs side by side.
template <typename Real, typename Output>
PHASOR_NOINLINE void embed_columns(const Table<Real>& table, const double* t, Index count, Output* out, Index column_stride,
                                   bool streams) {
  Times<Real, max_times> times;
  times.set_all(t, count);
  const bool streamed = streams && table.is_runs && is_at_lines(out, column_stride | count);
  for (const Group *group = table.groups, *end = group + table.group_count; group != end; ++group) {
    Line<Real> line = {false, true, count, t, times.high, times.low, times.has_low, times.reductions_of(t, count, *group),
                       &table.arrays, group->first};
    const Index lines = group->form == Form::scattered ? 1 : group->count,
                stride = column_stride * (group->form == Form::interleaved ? 2 : 1);
    for (Index k = group->first; k < group->first + group->count; k += lines) {
      const Wave& wave = table.waves[k];
      deliver(lines, place_of(wave.sin, out, column_stride), place_of(wave.cos, out, column_stride), stride,
              [&](Index first, Index columns, Output* sin, Output* cos) PHASOR_INLINE_LAMBDA {
                line.first = k + first;
                (group->phased ? compute_columns<Real, true, Output> : compute_columns<Real, false, Output>)(
                    line, *group, columns, sin, cos, stride, streamed);
              });
    }
  }
  for (Index z = 0; z < table.zero_count; ++z)
    for (Index i = 0; i < count; ++i) put(out + table.zeros[z] * column_stride + i, Output{});
}

/// Rows without gaps, past the caches: row by row by way of a scratch row, from which whole lines are streamed.
template <typename Real, typename Output>
PHASOR_NOINLINE void stream_rows(const Table<Real>& table, const double* t, Index count, Output* out) {
  alignas(64) Output scratch[(max_streamed_row + 64) / sizeof(Output)];
  const Output* row = nullptr;
  Stream stream(out);
  for (Index i = 0; i < count; ++i) {
    if (i == 0 || bits(t[i]) != bits(t[i - 1])) {
      Output* const next = scratch + reinterpret_cast<std::uintptr_t>(out + i * table.dim) % 64 / sizeof(Output);
      embed_rows(table, t + i, 1, next, 0, 1, false);
      row = next;
    }
    stream.append(row, table.dim * static_cast<Index>(sizeof(Output)));
  }
}

template <typename Real, typename Output>
PHASOR_NOINLINE void embed_block(const Table<Real>& table, const double* t, Index count, Output* out, Index row_stride,
                                 Index column_stride, bool streams) {
  if (row_stride == 1 && count >= lanes<Real>) {
    embed_columns(table, t, count, out, column_stride, streams);
  } else {
    const auto repeats = [=](Index i) { return column_stride == 1 && i < count && bits(t[i]) == bits(t[i - 1]); };
    Index outputs = row_stride;  // none of which may end within a line, if lines are streamed as they are computed
    bool any_repeats = false;
    for (Index i = 1; streams && i < count; ++i) any_repeats |= repeats(i);
    for (const Group *group = table.groups, *end = group + table.group_count; streams && group != end; ++group)
      outputs |= group->sin | group->cos | (group->form == Form::interleaved ? 2 : 1) * group->count;
    const bool at_lines = streams && table.is_runs && !any_repeats && is_at_lines(out, outputs);
    if (streams && !at_lines && row_stride == table.dim && table.dim * static_cast<Index>(sizeof(Output)) <= max_streamed_row) {
      stream_rows(table, t, count, out);
    } else {
      for (Index i = 0, end; i < count; i = end) {  // a row whose timestep is that of the row before is a copy of it
        end = i + 1;
        while (end < count && !repeats(end)) ++end;
        embed_rows(table, t + i, end - i, out + i * row_stride, row_stride, column_stride, at_lines);
        for (; repeats(end); ++end)
          std::memcpy(static_cast<void*>(out + end * row_stride), out + (end - 1) * row_stride,
                      static_cast<std::size_t>(table.dim) * sizeof(Output));
      }
    }
  }
  if (streams) fence();
}

/// The entry: a block of timesteps, element (i, k) at out + i row_stride + k column_stride.
template <typename Real, typename Output>
void embed(const Table<Real>& table, const double* t, Index count, void* to, Index row_stride, Index column_stride,
           bool streams) {
  auto* const out = static_cast<Output*>(to);
  if (count != 1 || !table.is_runs || column_stride != 1)
    return embed_block(table, t, count, out, row_stride, column_stride, streams);
  // A sampling step: getting here takes a third of its time.
  for (const Group *group = table.groups, *end = group + table.group_count; group != end; ++group)
    compute_rows_of<Real, Output>(*group)(table.arrays, *group, t, 1, out + group->sin, out + group->cos, 0,
                                          group->form == Form::interleaved, false);
}

template <typename Real, typename Output>
inline constexpr Kernel<Real> kernel = {embed<Real, Output>, has_fma};
