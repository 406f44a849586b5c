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

/// By which reductions the |t| of a vector of timesteps go.
enum Reductions : unsigned char { by_floats = 1, by_doubles = 2, by_integers = 4 };

/// A block of angles. What all lanes share, at max_lanes equal ones of Real; but t, f and phase stand there once.
template <typename Real>
struct Block {
  const double* t;
  const Real *t_high, *t_low;
  const unsigned char* reductions;  ///< of each vector
  Index t_mask;
  bool has_low;  ///< some t_low counts
  const Waves<Real>* waves;
  Index first, wave_mask, count;
};

/// Where the sines and the cosines of a block go; interleaved, all from `sin` on. There is room for a vector of each.
template <typename Output>
struct Outputs {
  Output *sin, *cos;
  bool interleaved, streams;  ///< streams: past the caches
};

/// count, but at least a vector.
template <typename Real>
constexpr Index at_least_a_vector(Index count) {
  return lanes<Real> > count ? lanes<Real> : count;
}

/// Reduce: the angles from j on, directly.
template <typename Real, bool phased>
PHASOR_INLINE Angle<Real> direct_angle(const Block<Real>& block, const Waves<Real>& waves, Index j) {
  using V = Vector<Real>;
  const Index i = j & block.t_mask, k = block.first + (j & block.wave_mask);
  const V t = load<V>(block.t_high + i), f = load<V>(waves.f_high + k), f_low = load<V>(waves.f_low + k);
  const V rest = sizeof(Real) == 4 && block.has_low ? mul_add<Real>(load<V>(block.t_low + i), f, f_low) : f_low;
  if constexpr (phased)
    return reduce<Real, true>(t, f, rest, load<V>(waves.phase_high + k), load<V>(waves.phase_low + k),
                              load<V>(waves.rounder + k));
  else
    return reduce<Real, false>(t, f, rest, V{}, V{}, all<V>(magic<Real>));
}

/// x in every lane, or the vector from x + j on.
template <typename To, typename Number>
PHASOR_INLINE To one_or_many(const Number* x, Index j, Index mask) {
  return mask ? load<To>(x + j) : all<To>(*x);
}

/// Angles in memory, whichever way they were reduced.
template <typename Real>
struct Angles {
  alignas(64) Real r[max_waves + max_lanes];
  alignas(64) Word<Real> n[max_waves + max_lanes];

  PHASOR_INLINE void set(Index j, const Angle<Real>& angle) {
    put(r + j, angle.r);
    put(n + j, angle.n);
  }

  /// Half a vector of floats, in double: where |t| is not below `limit`.
  PHASOR_INLINE void set_in_double(const Block<float>& block, Index j, std::uint64_t limit) {
    using V = Vector<double>;
    using Words = typename vector_of<std::uint32_t, lanes<double>>::type;
    const Waves<float>& waves = *block.waves;
    const Index k = block.first + (j & block.wave_mask);
    const Angle<double> angle =
        reduce_in_double(one_or_many<V>(block.t, j, block.t_mask), one_or_many<V>(waves.f + block.first, j, block.wave_mask),
                         one_or_many<V>(waves.phase + block.first, j, block.wave_mask));
    const auto new_r = convert<typename vector_of<float, lanes<double>>::type>(angle.r);
    const Words new_n = convert<Words>(angle.n) + load<Words>(waves.rounder + k);
    if (block.reductions[(j & block.t_mask) / lanes<float>] == by_doubles) {
      put(r + j, new_r);
      put(n + j, new_n);
    } else {
      alignas(64) float some_r[lanes<double>];
      alignas(64) std::uint32_t some_n[lanes<double>];
      put(some_r, new_r);
      put(some_n, new_n);
      for (Index l = 0; l < lanes<double>; ++l)
        if (magnitude(block.t[(j + l) & block.t_mask]) >= limit) r[j + l] = some_r[l], n[j + l] = some_n[l];
    }
  }

  PHASOR_INLINE Angle<Real> operator()(Index j) const { return {load<Vector<Real>>(r + j), load<Integers<Real>>(n + j)}; }
};

/// Reduce: all angles of a block, each by the fastest reduction that its |t| allows.
template <typename Real, bool phased>
PHASOR_NOINLINE void reduce_all(const Block<Real>& block, const Group& group, Angles<Real>& angles) {
  unsigned seen = 0;
  for (Index j = 0; j < block.count; j += lanes<Real>) {
    const unsigned ways = block.reductions[(j & block.t_mask) / lanes<Real>];
    seen |= ways;
    if constexpr (has_fma)
      if (ways & by_floats) angles.set(j, direct_angle<Real, phased>(block, *block.waves, j));
    if constexpr (sizeof(Real) == 4)
      if (ways & by_doubles)
        for (Index half = 0; half < lanes<float>; half += lanes<double>)
          angles.set_in_double(block, j + half, group.direct_below);
  }
  if (seen & by_integers)
    reduce_in_integers(block.t, block.t_mask, *block.waves, block.first, block.wave_mask, block.count, group.floating_below,
                       angles.r, angles.n);
}

/// Evaluate: `count` waves of angle_at(0), angle_at(lanes), ... The last vector may overlap another: the same bits again.
template <bool phased, typename Real, typename Output, typename AngleAt>
PHASOR_INLINE void evaluate(const AngleAt& angle_at, Index count, const Outputs<Output> to) {
  constexpr auto numbers = std::make_integer_sequence<int, static_cast<int>(lanes<Real>)>();
  const auto store = [&](Output* out, const Vector<Real>& x) PHASOR_INLINE_LAMBDA {
    to.streams ? put_streamed(out, as_output<Output>(x)) : put(out, as_output<Output>(x));
  };
  for (Index j = 0; j < count; j += lanes<Real>) {
    const Index first = j < count - lanes<Real> ? j : count - lanes<Real>;
    const SinCos<Real> x = sin_cos<Real>(angle_at(first));
    if (!phased && to.interleaved) {
      store(to.sin + 2 * first, zipped<Real, 0>(x.sin, x.cos, numbers));
      store(to.sin + 2 * first + lanes<Real>, zipped<Real, static_cast<int>(lanes<Real>)>(x.sin, x.cos, numbers));
    } else {
      store(to.sin + first, x.sin);
      if (!phased) store(to.cos + first, x.cos);
    }
  }
}

template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_directly(const Block<Real>& given, const Outputs<Output>& to) {
  const Block<Real> block = given;  // copies, which no output that is stored can change
  const Waves<Real> waves = *given.waves;
  evaluate<phased, Real>([&](Index j) PHASOR_INLINE_LAMBDA { return direct_angle<Real, phased>(block, waves, j); },
                         at_least_a_vector<Real>(block.count), to);
}

template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_by_memory(const Block<Real>& block, const Group& group, const Outputs<Output>& to) {
  Angles<Real> angles;
  reduce_all<Real, phased>(block, group, angles);
  evaluate<phased, Real>(angles, at_least_a_vector<Real>(block.count), to);
}

/// A block of a group, to where there is room for a vector of sines and one of cosines. `all`: the reductions in it.
template <typename Real, typename Output>
PHASOR_INLINE void compute(const Block<Real>& block, const Group& group, unsigned all, const Outputs<Output>& to) {
  if constexpr (has_fma)
    if (all == by_floats)
      return group.phased ? compute_directly<Real, true>(block, to) : compute_directly<Real, false>(block, to);
  group.phased ? compute_by_memory<Real, true>(block, group, to) : compute_by_memory<Real, false>(block, group, to);
}

/// Deliver: the same to where sines stand side by side, and so do cosines. Either may be null: nobody asked for it.
template <typename Real, typename Output>
PHASOR_NOINLINE void deliver_by_scratch(const Block<Real>& block, const Group& group, unsigned all,
                                        const Outputs<Output>& to, Index bytes) {
  alignas(64) Output scratch[2 * max_waves];
  Outputs<Output> now = {scratch, scratch + max_waves, to.interleaved, false};
  if (!to.streams && to.sin) now.sin = to.sin;
  if (!to.streams && to.cos) now.cos = to.cos;
  compute(block, group, all, now);
  if (to.streams && to.sin) copy(to.sin, now.sin, bytes, true);
  if (to.streams && to.cos) copy(to.cos, now.cos, bytes, true);
}
template <typename Real, typename Output>
PHASOR_INLINE void deliver(const Block<Real>& block, const Group& group, unsigned all, const Outputs<Output>& to) {
  const bool is_one = group.phased || to.interleaved;  // all outputs stand from to.sin on
  const Index bytes = block.count * static_cast<Index>(sizeof(Output)) * (to.interleaved ? 2 : 1);
  const auto is_lines = [=](const Output* x) PHASOR_INLINE_LAMBDA {  // whole ones
    return ((reinterpret_cast<std::uintptr_t>(x) | static_cast<std::uintptr_t>(bytes)) & 63) == 0;
  };
  const bool is_complete = to.sin && (is_one || to.cos);
  if (is_complete && (!to.streams || (is_lines(to.sin) && (is_one || is_lines(to.cos)))))
    compute(block, group, all, to);
  else
    deliver_by_scratch(block, group, all, to, bytes);
}

/// A block's timesteps, split: t = high (1 + low). Doubles have no low part.
template <typename Real>
struct Times {
  const double* t;
  Index count;
  bool has_low = false;       ///< some do
  std::uint64_t largest = 0;  ///< |t|, by its bits
  alignas(64) Real high[max_times];
  alignas(64) Real low[sizeof(Real) == 4 ? max_times : max_lanes];

  PHASOR_INLINE Times(const double* given, Index number) : t(given), count(number) {
    for (Index i = 0; i < count; ++i) {
      const std::uint64_t size = magnitude(t[i]);
      largest = size > largest ? size : largest;
      high[i] = opaque(static_cast<Real>(t[i]));  // -ffast-math takes double(float(t)) for t
      if constexpr (sizeof(Real) == 4) {
        const double more = t[i] - static_cast<double>(high[i]);
        const bool counts = bits(more) << 1 != 0 && size >= smallest && size < bits(0x1p53);
        low[i] = counts ? static_cast<float>(more / static_cast<double>(high[i])) : 0;
        has_low |= counts;
      }
    }
  }
  static constexpr std::uint64_t smallest = std::uint64_t(1023 - 126) << 52;  ///< the bits of 2^-126: a float's least

  /// How these timesteps are reduced for a group: of each vector, and all.
  unsigned reductions(const Group& group, const double* of, Index number, unsigned char* each) const {
    if (largest < group.direct_below) return by_floats;
    unsigned all = 0;
    for (Index i = 0; i < number; ++i) {
      const std::uint64_t size = magnitude(of[i]);
      const unsigned way = size < group.direct_below     ? by_floats
                           : size < group.floating_below ? by_doubles
                                                         : by_integers;
      unsigned char& vector = each[i / lanes<Real>];
      vector = static_cast<unsigned char>(i % lanes<Real> ? vector | way : way);
      all |= way;
    }
    return all;
  }
};

/// x in every lane, at `to`.
template <typename Real>
PHASOR_INLINE void spread(Real* to, const Real& x) {
  put(to, all<Vector<Real>>(x));
}

/// Rows of a group whose outputs do not stand side by side, or fill no vector: as many timesteps at once as its waves have copies.
template <typename Real, typename Output>
PHASOR_NOINLINE void scatter_rows(const Table<Real>& table, const Group& group, const Times<Real>& times, Output* out,
                                  Index row_stride, Index column_stride) {
  alignas(64) Output sines[max_waves], cosines[max_waves];
  alignas(64) Real high[max_tile + max_lanes], low[max_tile + max_lanes];
  alignas(64) double t[max_tile + max_lanes];
  unsigned char reductions[max_tile];
  const Wave* const waves = table.waves + group.first;
  const bool is_tile = group.copies > 1;
  for (Index i = 0, rows = group.copies; i < times.count; i += rows) {
    rows = rows < times.count - i ? rows : times.count - i;
    for (Index row = 0; row < rows; ++row) {
      for (Index j = 0; j < (is_tile ? group.count : 1); ++j) t[row * group.count + j] = times.t[i + row];
      for (Index j = 0; j < (is_tile ? group.count : 1); j += lanes<Real>) {
        spread(high + row * group.count + j, times.high[i + row]);
        if constexpr (sizeof(Real) == 4) spread(low + row * group.count + j, times.low[i + row]);
      }
    }
    const unsigned all = times.reductions(group, t, is_tile ? rows * group.count : 1, reductions);
    compute(Block<Real>{t, high, low, reductions, is_tile ? ~Index(0) : 0, times.has_low, &table.arrays, group.first,
                        ~Index(0), rows * group.count},
            group, all, Outputs<Output>{sines, cosines, false, false});
    for (Index row = 0; row < rows; ++row) {
      Output* const to = out + (i + row) * row_stride;
      const Output *const sin = sines + row * group.count, *const cos = cosines + row * group.count;
      if (group.form == Form::scattered) {
        for (Index j = 0; j < group.count; ++j) {
          if (waves[j].sin != nowhere) put(to + waves[j].sin * column_stride, sin[j]);
          if (waves[j].cos != nowhere) put(to + waves[j].cos * column_stride, cos[j]);
        }
      } else {
        const Index stride = column_stride * (group.form == Form::interleaved ? 2 : 1);
        if (waves->sin != nowhere) copy_strided(to + waves->sin * column_stride, stride, sin, group.count);
        if (waves->cos != nowhere) copy_strided(to + waves->cos * column_stride, stride, cos, group.count);
      }
    }
  }
}

/// Rows: element (i, k) at out + i row_stride + k column_stride.
template <typename Real, typename Output>
PHASOR_INLINE void embed_rows(const Table<Real>& table, const Times<Real>& times, Output* out, Index row_stride,
                              Index column_stride, bool streams) {
  const auto in_place = [=](const Group& group) PHASOR_INLINE_LAMBDA {
    return column_stride == 1 && group.form != Form::scattered && group.count >= lanes<Real>;
  };
  const Group* const end = table.groups + table.group_count;
  bool copies = false;
  for (const Group* group = table.groups; group != end; ++group) {
    if (in_place(*group)) copies = true;
    else scatter_rows(table, *group, times, out, row_stride, column_stride);
  }
  alignas(64) Real high[max_lanes], low[max_lanes];
  for (Index i = 0, last; i < times.count; i = last + 1) {
    // Of rows of one timestep, the last is computed, and copied to the others.
    last = i;
    while (copies && last + 1 < times.count && bits(times.t[last + 1]) == bits(times.t[i])) ++last;
    Output* const row = out + last * row_stride;
    spread(high, times.high[i]);
    if constexpr (sizeof(Real) == 4) spread(low, times.low[i]);
    Block<Real> block = {times.t + i, high, low, nullptr, 0, times.has_low, &table.arrays, 0, ~Index(0), 0};
    for (const Group* group = table.groups; group != end; ++group) {
      if (!in_place(*group)) continue;
      unsigned char reductions;
      const unsigned all = times.reductions(*group, times.t + i, 1, &reductions);
      block.reductions = &reductions, block.first = group->first, block.count = group->count;
      const Wave& wave = table.waves[group->first];
      deliver(block, *group, all,
              Outputs<Output>{wave.sin == nowhere ? nullptr : row + wave.sin, wave.cos == nowhere ? nullptr : row + wave.cos,
                              group->form == Form::interleaved, streams && last == i});
    }
    for (Index z = 0; z < table.zero_count; ++z) put(row + table.zeros[z] * column_stride, Output{});
    for (; i < last; ++i) copy(out + i * row_stride, row, table.dim * static_cast<Index>(sizeof(Output)), streams);
  }
}

/// Columns, `column_stride` outputs apart: times.count >= lanes outputs side by side.
template <typename Real, typename Output>
PHASOR_INLINE void embed_columns(const Table<Real>& table, const Times<Real>& times, Output* out, Index column_stride,
                                 bool streams) {
  alignas(64) Real numbers[5][max_lanes];
  unsigned char reductions[max_times / lanes<Real>];
  for (const Group* group = table.groups; group != table.groups + table.group_count; ++group) {
    const unsigned all = times.reductions(*group, times.t, times.count, reductions);
    for (Index k = group->first; k < group->first + group->count; ++k) {
      const Waves<Real>& from = table.arrays;
      const Real* const array[] = {from.f_high, from.f_low, from.phase_high, from.phase_low, from.rounder};
      for (int i = 0; i < 5; ++i) spread(numbers[i], array[i][k]);
      const Waves<Real> wave = {from.f + k, from.phase + k, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]};
      const Wave& columns = table.waves[k];
      deliver(Block<Real>{times.t, times.high, times.low, reductions, ~Index(0), times.has_low, &wave, 0, 0, times.count},
              *group, all,
              Outputs<Output>{columns.sin == nowhere ? nullptr : out + columns.sin * column_stride,
                              columns.cos == nowhere ? nullptr : out + columns.cos * column_stride, false, streams});
    }
  }
  for (Index z = 0; z < table.zero_count; ++z)
    for (Index i = 0; i < times.count; ++i) put(out + table.zeros[z] * column_stride + i, Output{});
}

/// The entry: a block of timesteps, element (i, k) at out + i row_stride + k column_stride.
template <typename Real, typename Output>
void embed(const Table<Real>& table, const double* t, Index count, void* to, Index row_stride, Index column_stride,
           bool streams) {
  const Times<Real> times(t, count);
  auto* const out = static_cast<Output*>(to);
  row_stride == 1 && count >= lanes<Real> ? embed_columns(table, times, out, column_stride, streams)
                                          : embed_rows(table, times, out, row_stride, column_stride, streams);
  if (streams) fence();
}

template <typename Real, typename Output>
inline constexpr Kernel<Real> kernel = {embed<Real, Output>, has_fma};
