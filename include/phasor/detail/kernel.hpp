// phasor: one wave, from t and its frequency to its sine and cosine, and the loops that write them. No include guard: included
// once for each target.
//
// Why not std::sin(t * w)? In float32 the product rounds before the sine sees it: with t near 999 and w near 1 the angle
// moves by up to 3e-5 rad, and the sine with it. The argument, not the trigonometry, is the whole error of the usual code.
//
// So count in turns, where reducing an angle takes no pi: of t f turns only the distance r from the nearest whole number
// n of sixteenths matters. Take t = 999, f = 1 / 2pi: t f = 158.9958..., n = 2544, and n mod 16 = 0, r = -0.0042....
//
//   1. y = t f + 1.5 2^19, in one rounding (a fused multiply-add). Floats of that size are 1/16 apart, so the sum rounds
//      t f to n sixteenths, and n then stands in the low bits of y.
//   2. r = t f - n/16, again in one rounding. A float f is itself off by up to 2^-24 f, so f is kept as a + b, and t b is
//      added to r. (When t has more bits than a float, it is a (1 + b) in turn, and t f = t_a (f_a + (f_b + t_b f_a)),
//      nearly. A phase is some sixteenths, which the number added in step 1 has in it, and a + b, where a - n/16 is exact.)
//   3. |r| <= 1/32, so sin(2pi r) and cos(2pi r) - 1 are small, and polynomials of three terms (in double five and six).
//   4. With S = sin(2pi n/16) and C = cos(2pi n/16) from a table,
//        sin(2pi (n/16 + r)) = S + (C sin(2pi r) + S (cos(2pi r) - 1)),
//      and likewise the cosine, with C and -S. What is in brackets is below 0.2, and so its roundings are small; the
//      error is little more than those of S and of the last sum. (Floats of that table are all too small, by up to
//      3e-8. So the polynomial of cos(2pi r) - 1 begins with 1.3e-8 in place of 0, which makes up for half of it.)
//
// Every step rounds -t to the negative of what it rounds t to, and the table is symmetric: where phases are quarter turns,
// sines are odd in t and cosines even, bit for bit, but for the sign of a zero.
//
// tests/proof.py proves max_error, roundings by Gappa and polynomials by Sollya. In float with FMA, in units of 1e-8, at
// its worst, a sine near 0.55: 3.0 from the last sum, 2.3 from the roundings in brackets, 2.0 from those of r, and 0.7
// from table and polynomials.
//
// Beyond float_reach, and without FMA always, floats are reduced in double; doubles without FMA are split into halves of
// 26 and 27 bits, whose products are exact, but for the last, which need not be (Dekker 1971). Everything else goes by an
// integer product of 128 bits.

#include <phasor/detail/vectors.hpp>

/// A timestep t, a frequency f or a phase in turns, as a high part a and a low part b:
///   with FMA:       t = a (1 + b), f = a + b, phase = a + b, where a, of a phase, is a multiple of phase_step;
///   double without: t = a + b, f = a + b, where a has 26 bits, phase as above.
template <typename Real>
struct Two {
  Vector<Real> a, b;
};

/// Steps 1 and 2: an angle as n mod 16 sixteenths of a turn, by the low four bits of n, and r turns more.
template <typename Real>
struct Angle {
  Vector<Real> r;
  Integers<Real> n;
};

/// The angle t f (+ phase), of different waves or of one in every lane; to_n is what is added to find n. Without `low`, t.b
/// is taken for zero; and without FMA, f.b too.
template <typename Real, bool phased, bool low>
PHASOR_INLINE Angle<Real> reduce(const Two<Real>& t, const Two<Real>& f, const Two<Real>& phase,
                                 const Vector<Real>& to_n) {
  using Reals = Vector<Real>;
  if constexpr (has_fma) {
    const Reals y = opaque(phased ? opaque(mul_add<Real>(t.a, f.a, phase.a)) + to_n : mul_add<Real>(t.a, f.a, to_n));
    const Reals minus_n = opaque(to_n - y);
    const Reals r = mul_add<Real>(t.a, f.a, phased ? opaque(minus_n + phase.a) : minus_n);
    if constexpr (sizeof(Real) == 8) {  // f has no b
      return {phased ? r + phase.b : r, same_bits<Integers<Real>>(y)};
    } else {
      const Reals b = low ? mul_add<Real>(t.b, f.a, f.b) : f.b;
      return {phased ? r + mul_add<Real>(t.a, b, phase.b) : mul_add<Real>(t.a, b, r), same_bits<Integers<Real>>(y)};
    }
  } else {
    const Reals h = opaque(t.a * f.a);
    Reals s = h, b = phase.b;
    if constexpr (low) {
      b = opaque(opaque(opaque(t.a * f.b) + opaque(t.b * f.a)) + opaque(t.b * f.b));
      s = opaque(h + b);
      if constexpr (phased) b = opaque(b + phase.b);
    }
    if constexpr (phased) s = opaque(s + phase.a);
    const Reals y = opaque(s + to_n), minus_n = opaque(to_n - y);
    const Reals r = opaque(h + (phased ? opaque(minus_n + phase.a) : minus_n));
    return {low || phased ? r + b : r, same_bits<Integers<Real>>(y)};
  }
}

/// c + w (next + w (...)).
template <typename Real>
PHASOR_INLINE Vector<Real> horner(const Vector<Real>&, Real c) {
  return all<Vector<Real>>(c);
}
template <typename Real, typename... Rest>
PHASOR_INLINE Vector<Real> horner(const Vector<Real>& w, Real c, Rest... rest) {
  return mul_add<Real>(horner<Real>(w, rest...), w, all<Vector<Real>>(c));
}

/// sin(2pi n / 16), n = 0 ... 19, each the negative of the one eight before; the cosines from n = 4 on. (Rounded here, since
/// with -frounding-math g++ 12 converts such constants wrongly.)
template <typename Real>
inline constexpr Real s1 = Real(sizeof(Real) == 4 ? 0x1.87de2ap-2 : 0x1.87de2a6aea963p-2);
template <typename Real>
inline constexpr Real s2 = Real(sizeof(Real) == 4 ? 0x1.6a09e6p-1 : 0x1.6a09e667f3bcdp-1);
template <typename Real>
inline constexpr Real s3 = Real(sizeof(Real) == 4 ? 0x1.d906bcp-1 : 0x1.d906bcf328d46p-1);
template <typename Real>
inline constexpr Real sixteenths[20] = {+0.,       +s1<Real>, +s2<Real>, +s3<Real>, +1.,       +s3<Real>, +s2<Real>,
                                        +s1<Real>, -0.,       -s1<Real>, -s2<Real>, -s3<Real>, -1.,       -s3<Real>,
                                        -s2<Real>, -s1<Real>, +0.,       +s1<Real>, +s2<Real>, +s3<Real>};

template <typename Real>
struct SinCos {
  Vector<Real> sin, cos;
};

/// Steps 3 and 4: the sine and cosine of an angle, |r| <= 1/32 and a little more.
template <typename Real>
PHASOR_INLINE SinCos<Real> sin_cos(const Angle<Real>& angle) {
  const Vector<Real> r = angle.r, w = opaque(r * r);
  Vector<Real> sin_r, cos_r;  // sin(2pi r) and cos(2pi r) - 1
  if constexpr (sizeof(Real) == 4) {
    sin_r = opaque(r * horner<float>(w, 0x1.921fb6p2f, -0x1.4abcd2p5f, 0x1.476cbcp6f));
    cos_r = horner<float>(w, 0x1.bd9d6p-27f, -0x1.3bd396p4f, 0x1.033976p6f);
  } else {
    sin_r = opaque(r * horner<double>(w, 0x1.921fb54442d18p2, -0x1.4abbce625bcp5, 0x1.466bc675e6c38p6,
                                      -0x1.32d2c0c63dd25p6, 0x1.501ebd299d2e4p5));
    cos_r = horner<double>(w, -0x1.71849e6e6b888p-56, -0x1.3bd3cc9be45dep4, 0x1.03c1f081b581dp6, -0x1.55d3c7e1d0501p6,
                           0x1.e1f4effe6010ap5, -0x1.a65803975883p4);
  }
  const Vector<Real> sin_n = lookup<Real>(sixteenths<Real>, angle.n),
                     cos_n = lookup<Real>(sixteenths<Real> + 4, angle.n);
  // Without FMA, a difference saves the negation of sin_n, with the same bits.
  const Vector<Real> sin_n_cos_r = opaque(sin_n * cos_r), cos_n_cos_r = opaque(cos_n * cos_r);
  return {sin_n + opaque(mul_add<Real>(cos_n, sin_r, sin_n_cos_r)),
          cos_n + opaque(has_fma ? mul_add<Real>(-sin_n, sin_r, cos_n_cos_r) : cos_n_cos_r - opaque(sin_n * sin_r))};
}

static_assert(lanes<float> <= most_lanes && most_lanes <= most_steps && most_steps <= most_waves, "");

/// Floats without FMA.
template <typename Real>
inline constexpr bool always_in_double = sizeof(Real) == 4 && !has_fma;

// Loops. Of a group with fewer waves than a vector, a vector is read, and written.

/// Splits a timestep as Two says. Returns whether the low part counts.
template <typename Real>
PHASOR_INLINE bool split(const Step& step, Real& a, Real& b) {
  if constexpr (sizeof(Real) == 4) {
    a = step.a;
    b = step.b;
    return same_bits<std::uint32_t>(b) << 1 != 0;
  } else {
    a = has_fma ? step.t : first_26_bits(step.t);
    b = step.t - a;
    return !has_fma;
  }
}

/// count, but at least a vector.
template <typename Real>
constexpr Index at_least_a_vector(Index count) {
  return lanes<Real> > count ? lanes<Real> : count;
}

/// What is read of a wave, or of a vector of waves.
template <typename Real>
struct Wave {
  Two<Real> f, phase;
  Vector<Real> to_n;
};
template <typename Real, typename Get>
PHASOR_INLINE Wave<Real> wave_of(const Table<Real>& table, const Get& get) {
  return {{get(table.f_high), get(table.f_low)}, {get(table.phase_high), get(table.phase_low)}, get(table.to_n)};
}

/// An angle reduced in the precision of the output. `low`: timesteps have low parts.
template <typename Real, bool phased>
PHASOR_INLINE Angle<Real> angle_of(const Two<Real>& t, bool low, const Wave<Real>& wave) {
  const Vector<Real> to_n = phased ? wave.to_n : all<Vector<Real>>(magic<Real>);
  return low ? reduce<Real, phased, true>(t, wave.f, wave.phase, to_n)
             : reduce<Real, phased, false>(t, wave.f, wave.phase, to_n);
}

/// Angles in memory, where reducing them and the rest have too few registers together.
template <typename Real>
struct Angles {
  alignas(64) Real r[most_waves];
  alignas(64) Word<Real> n[most_waves];

  PHASOR_INLINE Angle<Real> operator()(Index j) const {
    return {load<Vector<Real>>(r + j), load<Integers<Real>>(n + j)};
  }
};

/// Angles of `count` >= lanes floats, reduced in double: t, f, phase and where to_n stands are functions of the first lane.
template <typename Real, bool phased, typename Time, typename Frequency, typename Phase, typename ToN>
PHASOR_INLINE void reduce_in_double(Index count, const Time& t, const Frequency& f, const Phase& phase, const ToN& to_n,
                                    Angles<Real>& angles) {
  constexpr Index step = lanes<double>;
  using Doubles = Vector<double>;
  using Sixteenths = typename vector_of<Word<Real>, step>::type;
  for (Index j = 0; j < count; j += step) {
    const Index first = j < count - step ? j : count - step;
    const Angle<double> angle = reduce<double, phased, false>({t(first), Doubles{}}, {f(first), Doubles{}},
                                                              {phase(first), Doubles{}}, all<Doubles>(magic<double>));
    put(angles.r + first, convert<typename vector_of<Real, step>::type>(angle.r));
    const Sixteenths n = convert<Sixteenths>(angle.n);
    put(angles.n + first, phased ? n + load<Sixteenths>(to_n(first)) : n);  // of the phase are the low bits of to_n
  }
}

/// Whether outputs may be streamed as they are computed: by each vector of floats a cache line.
inline constexpr bool can_stream_at_once = PHASOR_TARGET >= PHASOR_AVX512;
template <typename Real, typename Output>
PHASOR_INLINE bool streams_at_once(Form form, const Output* sin, const Output* cos, Index count) {
#if PHASOR_TARGET >= PHASOR_AVX512 && PHASOR_CAN_ASK
  if (__builtin_cpu_is("amd")) return false;  // there, streaming from a copy is faster
#endif
  const auto address = [](const Output* x) { return reinterpret_cast<std::uintptr_t>(x); };
  return can_stream_at_once && count % lanes<Real> == 0 && address(sin) % 64 == 0 &&
         (form == Form::zipped || address(cos) % 64 == 0);
}

/// Calls write(true or false, as a type): whether waves have phases.
template <typename Write>
PHASOR_INLINE void with_phases(Form form, const Write& write) {
  form == Form::single ? write(std::true_type{}) : write(std::false_type{});
}

/// Writes `count` >= lanes waves, of angle_at(0), angle_at(lanes), ..., to sin[0], sin[1], ... and, of pairs, to cos[0], and
/// so on. A vector begins at `head`, from plan.hpp's head_of(); what is before takes one more.
template <typename Real, bool phased, typename Output, typename AngleAt>
PHASOR_INLINE void write_waves(Form form, bool streams, Output* sin, Output* cos, Index count, Index head,
                               const AngleAt& angle_at) {
  constexpr Index step = lanes<Real>;
  const auto write = [&](Output* to, const Vector<Real>& x) PHASOR_INLINE_LAMBDA {
    if constexpr (can_stream_at_once)
      if (streams) return put_streamed(to, as_output<Output>(x));
    put(to, as_output<Output>(x));
  };
  const Index before = head & (step - 1);
  for (Index j = 0, next = before > 0 ? before : step; j < count; j = next, next += step) {
    const Index first = j < count - step ? j : count - step;  // may overlap another: the same bits again
    const SinCos<Real> x = sin_cos(angle_at(first));
    if (!phased && form == Form::zipped) {
      const auto numbers = std::make_integer_sequence<int, static_cast<int>(step)>();
      write(sin + 2 * first, zipped<Real, 0>(x.sin, x.cos, numbers));
      write(sin + 2 * first + step, zipped<Real, static_cast<int>(step)>(x.sin, x.cos, numbers));
    } else {
      write(sin + first, x.sin);
      if (!phased) write(cos + first, x.cos);
    }
  }
}

/// A group at a timestep that is not reduced in the precision of the output.
template <typename Real, typename Output>
PHASOR_NOINLINE void write_indirectly(const Table<Real>& table, const Group& group, const Step& step, Output* sin,
                                      Output* cos) {
  const Index count = at_least_a_vector<Real>(group.count);
  Angles<Real> angles;
  with_phases(group.form, [&](auto phased) PHASOR_INLINE_LAMBDA {
    if (sizeof(Real) == 4 && magnitude(step.t) < group.in_double_below) {
      const double *const f = table.f + group.first, *const phase = table.phase + group.first;
      const Real* const to_n = table.to_n + group.first;
      using Doubles = Vector<double>;
      reduce_in_double<Real, phased>(
          count, [&](Index) PHASOR_INLINE_LAMBDA { return all<Doubles>(step.t); },
          [&](Index j) PHASOR_INLINE_LAMBDA { return load<Doubles>(f + j); },
          [&](Index j) PHASOR_INLINE_LAMBDA { return load<Doubles>(phase + j); },
          [&](Index j) PHASOR_INLINE_LAMBDA { return to_n + j; }, angles);
    } else {
      reduce_exactly(table, group.first, count, step, angles.r, angles.n);
    }
    write_waves<Real, phased>(group.form, group.streams, sin, cos, count, 0, angles);
  });
}

/// A group at one timestep. Whole vectors begin at `head`.
template <typename Real, typename Output>
PHASOR_NOINLINE void write_row(const Table<Real>& table, const Group& group, const Step& step, Output* sin, Output* cos,
                               Index head) {
  if (always_in_double<Real> || magnitude(step.t) >= group.direct_below)
    return write_indirectly(table, group, step, sin, cos);
  Real a, b;
  const bool low = split(step, a, b);
  const Two<Real> t = {all<Vector<Real>>(a), all<Vector<Real>>(b)};
  const Table<Real> arrays = table;  // which no output that is stored can change
  const Index k = group.first;
  with_phases(group.form, [&](auto phased) PHASOR_INLINE_LAMBDA {
    write_waves<Real, phased>(group.form, group.streams, sin, cos, at_least_a_vector<Real>(group.count), head,
                              [&](Index j) PHASOR_INLINE_LAMBDA {
                                return angle_of<Real, phased>(t, low,
                                                              wave_of(arrays, [=](const Real* x) PHASOR_INLINE_LAMBDA {
                                                                return load<Vector<Real>>(x + k + j);
                                                              }));
                              });
  });
}

/// Entry: a group at each of these timesteps, to where its first sine and its first cosine go, `row_stride` outputs from row
/// to row. There is room for a vector.
template <typename Real, typename Output>
void write_group(const Table<Real>& table, const Group& group, const Step* steps, Index count, void* sines,
                 void* cosines, Index row_stride) {
  auto *sin = static_cast<Output*>(sines), *cos = static_cast<Output*>(cosines);
  if (count == 1) return write_row(table, group, *steps, sin, cos, 0);
  const bool aligns = count * row_stride * static_cast<Index>(sizeof(Output)) > first_cache;
  for (Index i = 0; i < count; ++i, sin += row_stride, cos += row_stride)
    write_row(table, group, steps[i], sin, cos, aligns ? head_of(sin, group.form) : 0);
}

/// Entry: a group of a row that is scattered, or whose columns stand `column_stride` outputs apart.
template <typename Real, typename Output>
void write_strided(const Table<Real>& table, const Group& group, const Step& step, void* to, Index column_stride) {
  alignas(64) Output sines[2 * most_waves], cosines[most_waves];
  write_row(table, group, step, sines, cosines, 0);
  auto* const row = static_cast<Output*>(to);
  const Place* const places = table.places + group.first;
  const Index count = side_by_side(group);
  const auto spread = [&](auto has_cosines) PHASOR_INLINE_LAMBDA {
    if (group.scattered) {
      for (Index j = 0; j < count; ++j) {
        put(row + places[j].sin * column_stride, sines[j]);
        if (has_cosines) put(row + places[j].cos * column_stride, cosines[j]);
      }
    } else {  // twice as fast as by places
      Output *const sin = row + places->sin * column_stride, *const cos = row + places->cos * column_stride;
      for (Index j = 0; j < count; ++j) {
        put(sin + j * column_stride, sines[j]);
        if (has_cosines) put(cos + j * column_stride, cosines[j]);
      }
    }
  };
  group.form == Form::apart ? spread(std::true_type()) : spread(std::false_type());
}

/// Asks for the cache line that holds `out`, unless `out` begins it: a line that is stored in part has to be there.
PHASOR_INLINE void prefetch_part([[maybe_unused]] const void* out) {
#if PHASOR_EXTENSIONS
  if (reinterpret_cast<std::uintptr_t>(out) % 64 != 0) __builtin_prefetch(out, 1);
#endif
}

/// Entry: a group of a row, past the caches; the next row begins `row_stride` outputs on.
template <typename Real, typename Output>
void write_streamed(const Table<Real>& table, const Group& group, const Step& step, void* to, Index row_stride) {
  auto* const row = static_cast<Output*>(to);
  Output *const sin = row + table.places[group.first].sin, *const cos = row + table.places[group.first].cos;
  if (streams_at_once<Real>(group.form, sin, cos, group.count)) {
    Group streamed = group;
    streamed.streams = true;
    return write_row(table, streamed, step, sin, cos, 0);
  }
  alignas(64) Output sines[2 * most_waves], cosines[most_waves];
  const Index count = side_by_side(group), bytes = count * static_cast<Index>(sizeof(Output));
  Output* const other = group.form == Form::apart ? cos : sin;
  for (const Output* part : {sin, sin + count, other, other + count})
    prefetch_part(part + 2 * row_stride);  // of two rows on: memory takes longer than one
  write_row(table, group, step, sines, cosines, 0);
  copy(sin, sines, bytes, true);
  if (group.form == Form::apart) copy(cos, cosines, bytes, true);
}

/// Timesteps as columns read them: those that repeat the one before are left out.
template <typename Real>
struct DistinctSteps {
  Index size;                   ///< distinct ones
  bool low;                     ///< some have a low part that counts
  std::uint64_t most;           ///< of |t|, by its bits
  Index begin[most_steps + 1];  ///< rows begin[i] ... begin[i + 1] - 1 have timestep i
  alignas(64) Real a[most_steps], b[most_steps];
  alignas(64) double t[most_steps];

  DistinctSteps(const Step* steps, Index count) {
    read(steps, count, true);
    if (size < count && 2 * size > count) read(steps, count, false);  // spreading would take longer than computing
  }

  PHASOR_NOINLINE void read(const Step* steps, Index count, bool skips) {
    Index used = 0;  // local variables stay in registers
    std::uint64_t largest = 0;
    bool some_low = false;
    begin[0] = 0;
    for (Index i = 0; i < count; ++i) {
      begin[used + 1] = i + 1;
      t[used] = steps[i].t;
      some_low |= split(steps[i], a[used], b[used]);
      largest = magnitude(steps[i].t) > largest ? magnitude(steps[i].t) : largest;
      used += !skips || i + 1 == count || !are_same(steps[i], steps[i + 1]);
    }
    for (Index i = used; i < at_least_a_vector<Real>(used); ++i) t[i] = 0, a[i] = b[i] = 0;
    size = used, low = some_low, most = largest;
  }

  /// Writes from[i] to all rows of timestep i; past the caches if no timestep is repeated.
  template <typename Output>
  PHASOR_NOINLINE void spread(Output* to, const Output* from) const {
    if (begin[size] == size) return copy(to, from, static_cast<Index>(sizeof(Output)) * size, true);
    for (Index i = 0; i < size; ++i) fill(to + begin[i], begin[i + 1] - begin[i], from[i]);
  }
};

/// Entry: columns of contiguous outputs, one row for each of lanes <= count <= most_steps timesteps, `column_stride` outputs
/// from column to column.
template <typename Real, typename Output>
void write_columns(const Table<Real>& table, const Step* steps, Index count, void* to, Index column_stride,
                   bool streams) {
  auto* const out = static_cast<Output*>(to);
  using Doubles [[maybe_unused]] = Vector<double>;
  alignas(64) Output sines[most_steps], cosines[most_steps];
  const DistinctSteps<Real> distinct(steps, count);
  const Table<Real> arrays = table;  // which no output that is stored can change
  const Index size = at_least_a_vector<Real>(distinct.size);
  const bool aligns = !always_in_double<Real> && count > 8 * lanes<Real>, low = distinct.low;
  for (Index i = 0; i < table.zero_count; ++i) fill(out + table.zeros[i] * column_stride, count, Output{});
  for (const Group* group = table.groups; group != table.groups + table.group_count; ++group) {
    // Rows whose |t| is not below this are written again, at last; so they may not be on their way past the caches.
    const std::uint64_t limit = always_in_double<Real> ? group->in_double_below : group->direct_below;
    const bool repeats = distinct.size != count, past_caches = streams && distinct.most < limit;
    const bool at_once = past_caches && !repeats && streams_at_once<Real>(Form::apart, out, out + column_stride, count);
    const bool aside = repeats || (past_caches && !at_once);
    with_phases(group->form, [&](auto phased) PHASOR_INLINE_LAMBDA {
      const Place* place = table.places + group->first;
      for (Index k = group->first, end = k + group->count; k < end; ++k, ++place) {
        Output *const sin = out + place->sin * column_stride, *const cos = out + place->cos * column_stride;
        Output *const to_sin = aside ? sines : sin, *const to_cos = aside ? cosines : cos;
        const double f = arrays.f[k], phase = arrays.phase[k];
        const Wave<Real> wave =
            wave_of(arrays, [=](const Real* x) PHASOR_INLINE_LAMBDA { return all<Vector<Real>>(x[k]); });
        const Index head = aligns ? head_of(to_sin, Form::apart) : 0;
        const auto write = [&](const auto& angle_at) PHASOR_INLINE_LAMBDA {
          write_waves<Real, phased>(Form::apart, at_once, to_sin, to_cos, size, head, angle_at);
        };
        if constexpr (always_in_double<Real>) {
          Angles<Real> angles;
          reduce_in_double<Real, phased>(
              size, [&](Index j) PHASOR_INLINE_LAMBDA { return load<Doubles>(distinct.t + j); },
              [&](Index) PHASOR_INLINE_LAMBDA { return all<Doubles>(f); },
              [&](Index) PHASOR_INLINE_LAMBDA { return all<Doubles>(phase); },
              [&](Index) PHASOR_INLINE_LAMBDA { return &wave.to_n; }, angles);
          write(angles);
        } else {
          write([&](Index j) PHASOR_INLINE_LAMBDA {
            return angle_of<Real, phased>({load<Vector<Real>>(distinct.a + j), load<Vector<Real>>(distinct.b + j)}, low,
                                          wave);
          });
        }
        if (!aside) continue;
        distinct.spread(sin, sines);
        if (!phased) distinct.spread(cos, cosines);
      }
    });
    if (distinct.most < limit) continue;
    for (Index i = 0; i < count; ++i)
      if (magnitude(steps[i].t) >= limit) write_strided<Real, Output>(table, *group, steps[i], out + i, column_stride);
  }
}

template <typename Real, typename Output>
inline constexpr Kernel<Real> entries = {write_group<Real, Output>,
                                         write_strided<Real, Output>,
                                         write_streamed<Real, Output>,
                                         write_columns<Real, Output>,
                                         copy,
                                         has_fma,
                                         lanes<Real>};
template <typename Real, typename Output>
const Kernel<Real>* kernel() {
#if PHASOR_TARGET == PHASOR_AVX512 && PHASOR_CAN_ASK
  using Faster = std::conditional_t<std::is_same_v<Output, Brain16>, FastBrain16, Output>;
  if (__builtin_cpu_supports("avx512bf16")) return &entries<Real, Faster>;
#endif
  return &entries<Real, Output>;
}
