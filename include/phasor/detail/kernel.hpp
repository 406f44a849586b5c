// phasor: one wave, from t and its frequency to its sine and cosine, and the loops that write them. No include guard: included
// once for each target, behind its vectors.
//
// Why not std::sin(t * w)? In float32 the product rounds before the sine sees it: at t = 999, w = 1 the angle moves by
// up to 3e-5 rad, and the sine with it. The argument, not the trigonometry, is the whole error of the usual code.
//
// So count in turns, where reducing an angle takes no pi: of t f turns only the distance r from the nearest whole number
// n of sixteenths matters. Take t = 999, f = 1 / 2pi: t f = 158.9958..., n = 2544, and n mod 16 = 0, r = -0.0042....
//
//   1. y = t f + 1.5 2^19, in one rounding (a fused multiply-add). Floats of that size are 1/16 apart, so the sum rounds
//      t f to n sixteenths, and n then stands in the low bits of y.
//   2. r = t f - n/16, again in one rounding. A float f is itself off by up to 2^-25 f, so f is kept as a + b, and t b is
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
// sines are odd in t and cosines even, bit for bit.
//
// tests/proof.py proves max_error, roundings by Gappa and polynomials by Sollya. In float with FMA, in units of 1e-8, at
// its worst, a sine near 0.55: 3.0 from the last sum, 2.3 from the roundings in brackets, 2.0 from those of r, and 0.7
// from table and polynomials.
//
// Beyond float_reach, and without FMA always, floats are reduced in double; doubles without FMA are split into halves of
// 26 and 27 bits, whose products are exact (Dekker 1971). Everything else goes by an integer product of 128 bits.

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

/// Waves, as vectors: of different ones, or of one in every lane. to_n is what is added to find n.
template <typename Real>
struct Wave {
  Two<Real> f, phase;
  Vector<Real> to_n;
};

/// The angle t f (+ phase). Without `low`, t.b is taken for zero; and without FMA, f.b too.
template <typename Real, bool phased, bool low>
PHASOR_INLINE Angle<Real> reduce(const Two<Real>& t, const Wave<Real>& wave) {
  using Reals = Vector<Real>;
  const Two<Real>&f = wave.f, &phase = wave.phase;
  const Reals& to_n = wave.to_n;
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
  return all<Real>(c);
}
template <typename Real, typename... Rest>
PHASOR_INLINE Vector<Real> horner(const Vector<Real>& w, Real c, Rest... rest) {
  return mul_add<Real>(horner<Real>(w, rest...), w, all<Real>(c));
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
struct Waves {
  Vector<Real> sin, cos;
};

/// Steps 3 and 4: the sine and cosine of an angle, |r| <= 1/32 and a little more.
template <typename Real>
PHASOR_INLINE Waves<Real> waves(const Angle<Real>& angle) {
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
  return {sin_n + opaque(mul_add<Real>(cos_n, sin_r, opaque(sin_n * cos_r))),
          cos_n + opaque(mul_add<Real>(-sin_n, sin_r, opaque(cos_n * cos_r)))};
}

// Loops. Arrays of a table and of a block of timesteps may be read up to a vector behind their last entry.

/// count, rounded up to whole vectors.
template <typename Real>
constexpr Index in_vectors(Index count) {
  return (count + lanes<Real> - 1) / lanes<Real> * lanes<Real>;
}

/// The first wave whose output, from `to` on, begins a cache line.
template <typename Output>
PHASOR_INLINE Index before_aligned(const Output* to) {
  return static_cast<Index>((-reinterpret_cast<std::uintptr_t>(to) & 63) / sizeof(Output));
}
/// Whether a vector of outputs is a cache line, and that wave the same for both.
template <typename Real, typename Output>
PHASOR_INLINE bool can_stream(const Output* sin, const Output* cos) {
  return lanes<Real> * static_cast<Index>(sizeof(Output)) == 64 && before_aligned(sin) == before_aligned(cos) &&
         reinterpret_cast<std::uintptr_t>(sin) % sizeof(Output) == 0;
}

/// Writes waves to sin[0], sin[1], ... and cos[0], ...; past the caches if `streams`.
template <Form form, typename Real, bool streams, typename Output>
PHASOR_INLINE void write_vectors(Output* sin, Output* cos, const Waves<Real>& x) {
  const auto write = [](Output* to, const Vector<Real>& reals) PHASOR_INLINE_LAMBDA {
    if constexpr (streams) return put_streamed(to, as_output<Output>(reals));
    put(to, as_output<Output>(reals));
  };
  if constexpr (form == Form::zipped) {
    const auto numbers = std::make_integer_sequence<int, static_cast<int>(lanes<Real>)>();
    write(sin, zipped<Real, 0>(x.sin, x.cos, numbers));
    write(sin + lanes<Real>, zipped<Real, static_cast<int>(lanes<Real>)>(x.sin, x.cos, numbers));
  } else {
    write(sin, x.sin);
    if constexpr (form == Form::apart) write(cos, x.cos);
  }
}

/// Asks for the cache lines in which `count` outputs begin and end: the parts of lines that cannot be streamed are stored
/// when those have come.
template <typename Output>
PHASOR_INLINE void prefetch_ends([[maybe_unused]] const Output* out, [[maybe_unused]] Index count) {
#if PHASOR_EXTENSIONS
  __builtin_prefetch(out, 1);
  __builtin_prefetch(out + count, 1);
#endif
}

/// Writes the waves of angle_at(0), angle_at(lanes), ... to sin[0] ... sin[count - 1] and cos[0] ...; count >= lanes.
/// `streams`: past the caches, but for parts of a vector at both ends, whose neighbours stay untouched; see can_stream().
template <Form form, typename Real, bool streams, typename Output, typename AngleAt>
PHASOR_INLINE void write_waves(Output* sin, Output* cos, Index count, const AngleAt& angle_at) {
  constexpr Index step = lanes<Real>;
  constexpr int apart = form == Form::zipped ? 2 : 1;
  if constexpr (streams) {
    static_assert(form == Form::apart, "");
    const Index head = before_aligned(sin), tail = (count - head) % step;
    if (head != 0 || tail != 0) {
      prefetch_ends(sin, count);
      prefetch_ends(cos, count);
    }
    for (Index j = head; j <= count - step; j += step)
      write_vectors<form, Real, true>(sin + j, cos + j, waves<Real>(angle_at(j)));
    if (head == 0 && tail == 0) return;
    Output sines[most_lanes], cosines[most_lanes];
    for (const bool at_end : {false, true}) {
      const Index from = at_end ? count - step : 0, first = at_end ? count - tail : 0, size = at_end ? tail : head;
      write_vectors<form, Real, false>(sines, cosines, waves<Real>(angle_at(from)));
      const auto bytes = static_cast<std::size_t>(size) * sizeof(Output);
      std::memcpy(sin + first, sines + (first - from), bytes);
      std::memcpy(cos + first, cosines + (first - from), bytes);
    }
  } else {
    for (Index j = 0; j < count; j += step) {
      const Index first = j < count - step ? j : count - step;  // may overlap the one before: the same bits again
      write_vectors<form, Real, false>(sin + apart * first, cos + first, waves<Real>(angle_at(first)));
    }
  }
}

/// The two parts of a timestep.
template <typename Real>
struct Parts {
  Real a, b;
};
template <typename Real>
PHASOR_INLINE Parts<Real> parts_of(const Step& step) {
  if constexpr (sizeof(Real) == 4) {
    return {step.a, step.b};
  } else if constexpr (has_fma) {
    return {step.t, 0};
  } else {
    const double a = first_26_bits(step.t);
    return {a, step.t - a};
  }
}
/// Whether there is a low part.
template <typename Real>
PHASOR_INLINE bool is_long(const Step& step) {
  return sizeof(Real) == 8 ? !has_fma : same_bits<std::uint32_t>(step.b) << 1 != 0;
}

/// True if |t| is below a limit that is given by its bits: these order as magnitudes do, NaN last.
PHASOR_INLINE bool is_below(const double& t, std::uint64_t limit) {
  return (same_bits<std::uint64_t>(t) & ~std::uint64_t(0) >> 1) < limit;
}
/// Whether angles of t are reduced in the precision of the output.
template <typename Real>
PHASOR_INLINE bool is_direct(const Group& group, const double& t) {
  if constexpr (has_fma) return is_below(t, group.fused_below);
  return sizeof(Real) == 8 && is_below(t, group.unfused_below);
}

/// The high parts of frequencies, or all of them.
template <typename Real>
PHASOR_INLINE const Real* frequencies(const Table<Real>& table) {
  if constexpr (sizeof(Real) == 8 && has_fma) {
    return table.f;
  } else {
    return table.f_high;
  }
}

/// Waves k, k + 1, ... of a table, one in each lane.
template <bool phased, typename Real>
PHASOR_INLINE Wave<Real> waves_from(const Table<Real>& table, Index k) {
  using Reals = Vector<Real>;
  const Two<Real> f = {load<Reals>(frequencies(table) + k), load<Reals>(table.f_low + k)};
  if constexpr (!phased) return {f, Two<Real>{}, all<Real>(magic<Real>)};
  const Two<Real> phase = {load<Reals>(table.phase_high + k), load<Reals>(table.phase_low + k)};
  return {f, phase, load<Reals>(table.to_n + k)};
}
/// Wave k in every lane.
template <bool phased, typename Real>
PHASOR_INLINE Wave<Real> one_wave(const Table<Real>& table, Index k) {
  const Two<Real> f = {all<Real>(frequencies(table)[k]), all<Real>(table.f_low[k])};
  if constexpr (!phased) return {f, Two<Real>{}, all<Real>(magic<Real>)};
  const Two<Real> phase = {all<Real>(table.phase_high[k]), all<Real>(table.phase_low[k])};
  return {f, phase, all<Real>(table.to_n[k])};
}

/// Angles that were reduced elsewhere.
template <typename Real>
struct Tile {
  alignas(64) Real r[most_waves + most_lanes];
  alignas(64) Word<Real> n[most_waves + most_lanes];

  /// Of floats reduced in double: lanes j, j + 1, ... as many as a vector of doubles has; and the sixteenths of the phase.
  template <typename Sixteenths>
  PHASOR_INLINE void put_angle(Index j, const Angle<double>& angle, const Sixteenths& sixteenths) {
    put(r + j, convert<AsDoubles<float>>(angle.r));
    put(n + j, convert<AsDoubles<std::uint32_t>>(angle.n) + sixteenths);
  }
};

/// Reduces all waves of a group at one timestep.
template <bool phased, typename Real>
PHASOR_APART void reduce_row(const Table<Real>& table, const Group& group, const Step& step, Tile<Real>& tile) {
  using Doubles = Vector<double>;
  if (is_direct<Real>(group, step.t)) {
    const Parts<Real> parts = parts_of<Real>(step);
    const Two<Real> t = {all<Real>(parts.a), all<Real>(parts.b)};
    for (Index j = 0; j < group.count; j += lanes<Real>) {
      const Angle<Real> angle = reduce<Real, phased, true>(t, waves_from<phased>(table, group.first + j));
      put(tile.r + j, angle.r);
      put(tile.n + j, angle.n);
    }
    return;
  }
  if constexpr (sizeof(Real) == 4) {
    if (is_below(step.t, group.unfused_below)) {
      const Two<double> t = {all<double>(step.t), Doubles{}};
      for (Index j = 0; j < in_vectors<Real>(group.count); j += lanes<double>) {
        const Index k = group.first + j;
        const Two<double> f = {load<Doubles>(table.f + k), Doubles{}},
                          phase = {load<Doubles>(table.phase + k), Doubles{}};
        const Wave<double> wave = {f, phase, all<double>(magic<double>)};
        const auto sixteenths = load<AsDoubles<std::uint32_t>>(table.to_n + k);
        tile.put_angle(j, reduce<double, phased, false>(t, wave), sixteenths);
      }
      return;
    }
  }
  reduce_exactly(table, group, step, tile.r, tile.n);
  for (Index j = group.count; j < in_vectors<Real>(group.count); ++j) {
    tile.r[j] = 0;
    tile.n[j] = 0;
  }
}

/// Writes all waves of a group at one timestep to sin[0] ... sin[count - 1] and cos[0] ..., by a tile of angles; count >= lanes.
template <Form form, bool streams, typename Real, typename Output>
PHASOR_APART void write_by_tile(const Table<Real>& table, const Group& group, const Step& step, Output* sin,
                                Output* cos, Index count) {
  Tile<Real> tile;
  reduce_row<form == Form::single>(table, group, step, tile);
  write_waves<form, Real, streams>(sin, cos, count, [&](Index j) PHASOR_INLINE_LAMBDA {
    return Angle<Real>{load<Vector<Real>>(tile.r + j), load<Integers<Real>>(tile.n + j)};
  });
}

/// The same, without a tile: angles are reduced in the precision of the output.
template <Form form, bool streams, bool low, typename Real, typename Output>
PHASOR_INLINE void write_directly(const Table<Real>& table, const Group& group, const Parts<Real>& parts, Output* sin,
                                  Output* cos) {
  const Two<Real> t = {all<Real>(parts.a), all<Real>(parts.b)};
  const Table<Real> waves = table;  // a copy of its pointers, which no output that is stored can change
  const Index first = group.first;
  write_waves<form, Real, streams>(sin, cos, group.count, [=](Index j) PHASOR_INLINE_LAMBDA {
    return reduce<Real, form == Form::single, low>(t, waves_from<form == Form::single>(waves, first + j));
  });
}

/// Entry: the waves of one group at one timestep, to places of their own, which have room for whole vectors.
template <typename Real, typename Output>
void write_scratch(const Table<Real>& table, const Group& group, const Step& step, void* to_sin, void* to_cos) {
  auto *const sin = static_cast<Output*>(to_sin), *const cos = static_cast<Output*>(to_cos);
  const Index count = in_vectors<Real>(group.count);
  if (group.form == Form::single) return write_by_tile<Form::single, false>(table, group, step, sin, cos, count);
  write_by_tile<Form::apart, false>(table, group, step, sin, cos, count);
}

/// A group of a row whose columns are not side by side, or that is streamed from a scratch.
template <typename Real, typename Output>
PHASOR_APART void write_by_scratch(const Table<Real>& table, const Group& group, const Step& step, Output* out) {
  Output sin[2 * (most_waves + most_lanes)], cos[most_waves + most_lanes];
  const Index *const sin_column = table.sin + group.first, *const cos_column = table.cos + group.first;
  const Index bytes = group.count * static_cast<Index>(sizeof(Output));
  if (group.form == Form::zipped) {
    prefetch_ends(out + sin_column[0], 2 * group.count);
    write_by_tile<Form::zipped, false>(table, group, step, sin, cos, in_vectors<Real>(group.count));
    return copy(out + sin_column[0], sin, 2 * bytes, true);
  }
  if (!group.scattered) {
    prefetch_ends(out + sin_column[0], group.count);
    prefetch_ends(out + cos_column[0], group.count);
  }
  write_scratch<Real, Output>(table, group, step, sin, cos);
  const auto move = [&](const Index* columns, const Output* from) {
    if (!group.scattered) return copy(out + columns[0], from, bytes, true);
    for (Index j = 0; j < group.count; ++j) put(out + columns[j], from[j]);
  };
  move(sin_column, sin);
  if (group.form != Form::single) move(cos_column, cos);
}

/// A group of a row that is scattered, streamed, or whose t is too large.
template <Form form, typename Real, typename Output>
PHASOR_APART void write_otherwise(const Table<Real>& table, const Group& group, const Step& step, Output* out,
                                  Stores stores) {
  Output *const sin = out + table.sin[group.first], *const cos = out + table.cos[group.first];
  if (group.scattered) return write_by_scratch(table, group, step, out);
  if (stores == Stores::cached) return write_by_tile<form, false>(table, group, step, sin, cos, group.count);
  if constexpr (form == Form::apart && vector_bytes == 64) {
    if (can_stream<Real>(sin, cos)) {
      if (stores == Stores::streamed_by_tile || !is_direct<Real>(group, step.t))
        return write_by_tile<form, true>(table, group, step, sin, cos, group.count);
      return write_directly<form, true, true>(table, group, parts_of<Real>(step), sin, cos);
    }
  }
  write_by_scratch(table, group, step, out);
}

PHASOR_INLINE bool are_same(const Step& x, const Step& y) {
  return same_bits<std::uint64_t>(x.t) == same_bits<std::uint64_t>(y.t) &&
         same_bits<std::uint64_t>(x.rest) == same_bits<std::uint64_t>(y.rest);
}

/// A group of each row whose t is not that of the row before. The first of equal rows is stored in the caches, since it is
/// read again.
template <Form form, typename Real, typename Output>
PHASOR_INLINE void write_rows_of(const Table<Real>& table, const Group& group, const Step* steps, Index count,
                                 Output* out, Index stride, Stores stores) {
  for (Index i = 0; i < count; ++i, out += stride) {
    if (i > 0 && are_same(steps[i - 1], steps[i])) continue;
    const bool repeats = i + 1 < count && are_same(steps[i], steps[i + 1]);
    if (group.scattered || (stores != Stores::cached && !repeats) || !is_direct<Real>(group, steps[i].t)) {
      write_otherwise<form>(table, group, steps[i], out, repeats ? Stores::cached : stores);
      continue;
    }
    Output *const sin = out + table.sin[group.first], *const cos = out + table.cos[group.first];
    const Parts<Real> parts = parts_of<Real>(steps[i]);
    is_long<Real>(steps[i]) ? write_directly<form, false, true>(table, group, parts, sin, cos)
                            : write_directly<form, false, false>(table, group, parts, sin, cos);
  }
}

/// Entry: rows of contiguous outputs, one for each timestep, `stride` outputs from row to row. A row whose t is that of the
/// row before is copied.
template <typename Real, typename Output>
void write_rows(const Table<Real>& table, Index dim, const Step* steps, Index count, void* to, Index stride,
                Stores stores) {
  auto* const out = static_cast<Output*>(to);
  for (const Group* group = table.groups; group != table.groups + table.group_count; ++group) {
    if (group->form == Form::apart) {
      write_rows_of<Form::apart>(table, *group, steps, count, out, stride, stores);
    } else if (group->form == Form::zipped) {
      write_rows_of<Form::zipped>(table, *group, steps, count, out, stride, stores);
    } else {
      write_rows_of<Form::single>(table, *group, steps, count, out, stride, stores);
    }
  }
  for (Index i = 0; i < count * table.zero_count; ++i)
    put(out + i / table.zero_count * stride + table.zeros[i % table.zero_count], Output{});
  const Output* first = out;  // of equal rows
  for (Index i = 1; i < count; ++i) {
    Output* const row = out + i * stride;
    if (!are_same(steps[i - 1], steps[i])) {
      first = row;
    } else {
      copy(row, first, static_cast<Index>(sizeof(Output)) * dim, stores != Stores::cached);
    }
  }
}

/// A block of timesteps, as columns read them: those that repeat the one before are left out.
template <typename Real>
struct Block {
  Index size = 0;  ///< distinct ones
  bool has_long = false;
  Index begin[most_steps + 1];  ///< rows begin[i] ... begin[i + 1] - 1 have timestep i
  alignas(64) Real a[most_steps + most_lanes], b[most_steps + most_lanes];
  alignas(64) double t[most_steps + most_lanes];

  Block(const Step* steps, Index count) {
    Index distinct = 0;
    for (Index i = 1; i < count; ++i) distinct += !are_same(steps[i - 1], steps[i]);
    const bool expands = 2 * distinct > count;  // then expanding would take longer than computing
    for (Index i = 0; i < count; ++i) {
      if (i > 0 && !expands && are_same(steps[i - 1], steps[i])) continue;
      begin[size] = i;
      t[size] = steps[i].t;
      const Parts<Real> parts = parts_of<Real>(steps[i]);
      a[size] = parts.a;
      b[size] = parts.b;
      has_long |= is_long<Real>(steps[i]);
      ++size;
    }
    begin[size] = count;
    for (Index i = size; i < in_vectors<Real>(size); ++i) {
      a[i] = b[i] = 0;
      t[i] = 0;
    }
  }

  /// Writes from[i] to all rows of timestep i.
  template <typename Output>
  PHASOR_INLINE void spread(Output* to, const Output* from, bool streams) const {
    if (begin[size] == size) return copy(to, from, static_cast<Index>(sizeof(Output)) * size, streams);
    for (Index i = 0; i < size; ++i) fill(to + begin[i], begin[i + 1] - begin[i], from[i]);
  }
};

/// Where columns of a block go: to out + column * stride, or first to a scratch, from which rows that repeat a timestep are
/// filled, and streamed.
template <typename Output>
struct Columns {
  Output* out;
  Index stride, count;
  bool aside, streams;
};

/// The columns of a group for all timesteps of a block. Where a t is out of reach they are wrong: write_columns() writes these
/// rows again.
template <bool phased, bool low, typename Real, typename Output>
PHASOR_APART void write_columns_of(const Table<Real>& table, const Group& group, const Block<Real>& block,
                                   const Columns<Output>& columns) {
  constexpr Form form = phased ? Form::single : Form::apart;
  alignas(64) Output sines[most_steps + most_lanes], cosines[most_steps + most_lanes];
  [[maybe_unused]] Tile<Real> tile;
  const Index size = columns.aside ? in_vectors<Real>(block.size) : columns.count;
  for (Index k = group.first; k < group.first + group.count; ++k) {
    Output* const sin = columns.out + table.sin[k] * columns.stride;
    Output* const cos = columns.out + table.cos[k] * columns.stride;
    Output *const to_sin = columns.aside ? sines : sin, *const to_cos = columns.aside ? cosines : cos;
    if constexpr (sizeof(Real) == 4 && !has_fma) {
      using Doubles = Vector<double>;
      const Two<double> f = {all<double>(table.f[k]), Doubles{}}, phase = {all<double>(table.phase[k]), Doubles{}};
      const Wave<double> wave = {f, phase, all<double>(magic<double>)};
      const auto sixteenths = same_bits<std::uint32_t>(table.to_n[k]);
      for (Index i = 0; i < size; i += lanes<double>) {
        const Two<double> t = {load<Doubles>(block.t + i), Doubles{}};
        tile.put_angle(i, reduce<double, phased, false>(t, wave), sixteenths);
      }
      write_waves<form, Real, false>(to_sin, to_cos, size, [&](Index i) PHASOR_INLINE_LAMBDA {
        return Angle<Real>{load<Vector<Real>>(tile.r + i), load<Integers<Real>>(tile.n + i)};
      });
    } else {
      const Wave<Real> wave = one_wave<phased>(table, k);
      const Real *const a = block.a, *const b = block.b;
      write_waves<form, Real, false>(to_sin, to_cos, size, [=](Index i) PHASOR_INLINE_LAMBDA {
        return reduce<Real, phased, low>(Two<Real>{load<Vector<Real>>(a + i), load<Vector<Real>>(b + i)}, wave);
      });
    }
    if (!columns.aside) continue;
    block.spread(sin, sines, columns.streams);
    if (!phased) block.spread(cos, cosines, columns.streams);
  }
}

/// Entry: columns of contiguous outputs, one row for each of lanes <= count <= most_steps timesteps, `stride` outputs from
/// column to column.
template <typename Real, typename Output>
void write_columns(const Table<Real>& table, const Step* steps, Index count, void* to, Index stride, Stores stores) {
  auto* const out = static_cast<Output*>(to);
  for (Index i = 0; i < table.zero_count; ++i) fill(out + table.zeros[i] * stride, count, Output{});
  const Block<Real> block(steps, count);
  for (const Group* group = table.groups; group != table.groups + table.group_count; ++group) {
    const bool is_single = group->form == Form::single;
    const auto is_usual = [&](const double& t) {
      return sizeof(Real) == 4 && !has_fma ? is_below(t, group->unfused_below) : is_direct<Real>(*group, t);
    };
    Index usual = 0;
    for (Index i = 0; i < block.size; ++i) usual += is_usual(block.t[i]);
    // A row that is written again may not be on its way past the caches.
    const bool streams = stores != Stores::cached && usual == block.size;
    const Columns<Output> columns = {out, stride, count, block.size != count || streams, streams};
    if (usual > 0) {
      constexpr bool always = sizeof(Real) == 8 || !has_fma;  // these have only the version with a low part
      const auto write = is_single ? always || block.has_long ? write_columns_of<true, true, Real, Output>
                                                              : write_columns_of<true, always, Real, Output>
                         : always || block.has_long ? write_columns_of<false, true, Real, Output>
                                                    : write_columns_of<false, always, Real, Output>;
      write(table, *group, block, columns);
    }
    if (usual == block.size) continue;
    Output sines[most_waves + most_lanes], cosines[most_waves + most_lanes];
    for (Index i = 0; i < count; ++i) {
      if (is_usual(steps[i].t)) continue;
      write_scratch<Real, Output>(table, *group, steps[i], sines, cosines);
      for (Index j = 0; j < group->count; ++j) {
        put(out + table.sin[group->first + j] * stride + i, sines[j]);
        if (!is_single) put(out + table.cos[group->first + j] * stride + i, cosines[j]);
      }
    }
  }
}

/// Makes streamed stores visible to other threads before later stores.
inline void fence() {
#if PHASOR_TARGET >= PHASOR_SSE2
  __builtin_ia32_sfence();
#endif
}

template <typename Real, typename Output>
inline constexpr Kernel<Real> kernel = {
    write_rows<Real, Output>,    write_columns<Real, Output>, write_scratch<Real, Output>, fence, lanes<Real>,
    PHASOR_TARGET >= PHASOR_SSE2};
