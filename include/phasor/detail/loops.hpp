// phasor: the loops of one target: reduce, evaluate, store. No include guard: included once for each target, in its
// namespace and its region. Expects what kernels.hpp includes before.
//
// Rows and columns are one loop, over a line of angles: of one timestep and many waves, or of many timesteps and one
// wave. What differs is which of the two is one number in all lanes. (Two rows of half a vector are computed in one: a
// pair.)
//
// What multiplies the code: targets (3 in a plain build for x86-64, 2 with AVX2 on, else 1), types of Real and Output
// (4), plain or phased waves (2), rows or columns (2; and pairs, of plain waves with FMA). What is asked at run time:
// the reduction of each |t|, whether timesteps have low parts, whether outputs are interleaved, and whether they pass
// the caches.

#include <phasor/detail/vectors.hpp>

#include <phasor/detail/arithmetic.hpp>

/// What angles j, j + 1, ... are made of: x[0] in all lanes, or x[j], x[j + 1], ...
template <typename AnyVector, typename Number>
PHASOR_INLINE AnyVector factor(const Number* x, bool is_one, Index j) {
  return is_one ? all<AnyVector>(*x) : load<AnyVector>(x + j);
}

/// 0, 1, ...: as many as lanes.
template <typename Real>
inline constexpr auto numbers = std::make_integer_sequence<int, static_cast<int>(lanes<Real>)>();

/// Reduce, directly; of a pair, timesteps j and j + 1. Holds copies, which no store of outputs can change.
template <typename Real, bool phased, bool is_pair = false>
struct DirectAngles {
  const Line<Real> line;
  const Waves<Real> waves;

  PHASOR_INLINE Angle<Real> operator()(Index j) const {
    using Reals = Vector<Real>;
    const auto of_wave = [&](const Real* x) PHASOR_INLINE_LAMBDA {
      return factor<Reals>(x + line.first, !is_pair && !line.is_row, is_pair ? 0 : j);
    };
    const auto of_time = [&](const Real* x) PHASOR_INLINE_LAMBDA {
      return is_pair ? halves<Real>(x[j], x[j + 1], numbers<Real>) : factor<Reals>(x, line.is_row, j);
    };
    const Reals t = of_time(line.t_high), f = of_wave(waves.f_high);
    Reals rest = of_wave(waves.f_low);
    if (sizeof(Real) == 4 && PHASOR_RARELY(line.has_low)) rest = mul_add<Real>(of_time(line.t_low), f, rest);
    if constexpr (phased)
      return reduce<Real, true>(t, f, rest, of_wave(waves.phase_high), of_wave(waves.phase_low),
                                of_wave(waves.rounder));
    else
      return reduce<Real, false>(t, f, rest, Reals{}, Reals{}, all<Reals>(magic<Real>));
  }
};

/// Angles in memory, whichever way they were reduced.
template <typename Real>
struct Angles {
  alignas(64) Real r[max_waves];
  alignas(64) Word<Real> n[max_waves];

  PHASOR_INLINE Angle<Real> operator()(Index j) const {
    return {load<Vector<Real>>(r + j), load<Integers<Real>>(n + j)};
  }
};

/// Reduce, in double: floats from j on, half a vector of them. `some`: others of these went directly, and stay.
PHASOR_INLINE void store_in_double(const Line<float>& line, Index j, const Group& group, [[maybe_unused]] bool some,
                                   Angles<float>& angles) {
  using Doubles = Vector<double>;
  using Words = typename vector_of<std::uint32_t, lanes<double>>::type;
  using Floats = typename vector_of<float, lanes<double>>::type;
  const Waves<float>& waves = *line.waves;
  const Index k = line.first;
  const Doubles t = factor<Doubles>(line.t, line.is_row, j);
  const Angle<double> angle =
      reduce_in_double(t, factor<Doubles>(waves.f + k, !line.is_row, j),
                       group.phased ? factor<Doubles>(waves.phase + k, !line.is_row, j) : Doubles{});
  Words r = same_bits<Words>(convert<Floats>(angle.r)), n = convert<Words>(angle.n);
  if (group.phased) n += same_bits<Words>(factor<Floats>(waves.rounder + k, !line.is_row, j));
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

/// Reduce: a line, each angle by the fastest reduction that its |t| allows, by the limits of its group.
template <typename Real>
PHASOR_NOINLINE void reduce_line(const Line<Real>& given, const Group& group, Angles<Real>& angles) {
  const Line<Real> line = given;  // a copy, which no angle that is stored can change
  unsigned seen = 0;
  for (Index j = 0; j < line.count; j += lanes<Real>) {
    const unsigned ways = line.reductions[line.is_row ? 0 : j / lanes<Real>];
    seen |= ways;
    if (ways & in_integers) {  // they come last, and stop where the line ends: the rest of its last vector is this
      put(angles.r + j, Vector<Real>{});
      put(angles.n + j, Integers<Real>{});
    }
    if constexpr (has_fma)
      if (ways & directly) {
        const Angle<Real> angle = group.phased ? DirectAngles<Real, true>{line, *line.waves}(j)
                                               : DirectAngles<Real, false>{line, *line.waves}(j);
        put(angles.r + j, angle.r);
        put(angles.n + j, angle.n);
      }
    if constexpr (sizeof(Real) == 4)
      if (ways & in_double)
        for (Index half = 0; half < lanes<float>; half += lanes<double>)
          store_in_double(line, j + half, group, (ways & directly) != 0, angles);
  }
  if (seen & in_integers) reduce_in_integers(line, group.integers_from, angles.r, angles.n);
}

/// sin[0], cos[0], sin[1], cos[1], ...: a vector of them, and one more.
template <typename Real>
PHASOR_INLINE SinCos<Real> interleaved(const SinCos<Real>& x) {
  return {zipped<Real, 0>(x.sin, x.cos, numbers<Real>), zipped<Real, lanes<Real>>(x.sin, x.cos, numbers<Real>)};
}

/// Evaluate: `count` angles, but at least a whole vector, to sin[0], sin[1], ... and cos[0], ...; interleaved, all from
/// `sin` on. The last vector may overlap another: the same bits again.
template <typename Real, typename Output, typename AngleAt>
PHASOR_INLINE void evaluate(const AngleAt& angle_at, bool phased, Index count, Output* sin, Output* cos,
                            unsigned stores) {
  const auto store = [=](Output* out, const Vector<Real>& x) PHASOR_INLINE_LAMBDA {
    if (stores & store_streamed)
      put_streamed(out, as_output<Output>(x));
    else
      put(out, as_output<Output>(x));
  };
  const Index last = count > lanes<Real> ? count - lanes<Real> : 0;
  for (Index j = 0;;) {
    const SinCos<Real> x = sin_cos<Real>(angle_at(j));
    if (!PHASOR_RARELY(stores != 0)) {
      put(sin + j, as_output<Output>(x.sin));
      if (!phased) put(cos + j, as_output<Output>(x.cos));
    } else if (!phased && (stores & store_interleaved)) {
      const SinCos<Real> both = interleaved<Real>(x);
      store(sin + 2 * j, both.sin);
      store(sin + 2 * j + lanes<Real>, both.cos);
    } else {
      put_streamed(sin + j, as_output<Output>(x.sin));
      if (!phased) put_streamed(cos + j, as_output<Output>(x.cos));
    }
    if (j == last) return;
    j = j + lanes<Real> < last ? j + lanes<Real> : last;
  }
}

/// A line by way of Angles, which any reduction may make.
template <typename Real, typename Output>
PHASOR_NOINLINE void compute_by_memory(const Line<Real>& line, const Group& group, Output* sin, Output* cos,
                                       unsigned stores) {
  Angles<Real> angles;
  reduce_line<Real>(line, group, angles);
  evaluate<Real>(angles, group.phased, line.count, sin, cos, stores);
}

/// A timestep: t = high (1 + low), nearly. Doubles have no low part, nor have floats of large and of tiny t.
template <typename Real>
struct Split {
  Real high, low = 0;
  bool has_low = false;

  PHASOR_INLINE explicit Split(const double& t)
      : high(opaque(static_cast<Real>(t))) {  // (-ffast-math takes double(float(t)) for t)
    if constexpr (sizeof(Real) == 4) {
      constexpr std::uint64_t least = std::uint64_t(1023 - 74) << 52;  // the bits of 2^-74: `more` is a normal float
      const double more = t - static_cast<double>(high);
      const bool is_split = magnitude(t) - least < bits(split_below) - least;  // 2^-74 <= |t| < split_below
      has_low = is_split & (bits(more) << 1 != 0);                             // (& is one branch, && two)
      low = has_low ? static_cast<float>(more) / high : 0;
    }
  }
};

/// A row of a group whose t is too large to go directly, and so needs no parts.
template <typename Real, typename Output>
PHASOR_NOINLINE void compute_row_by_memory(const Waves<Real>& waves, const Group& group, const double& t, Output* sin,
                                           Output* cos, unsigned stores) {
  const auto reductions = static_cast<unsigned char>(reduction_of(t, group));
  const Line<Real> line{true, group.count, &t, nullptr, nullptr, false, &reductions, &waves, group.first};
  compute_by_memory(line, group, sin, cos, stores);
}

/// A row of a group. (The call by memory is the last thing done, so the direct way saves no registers for it.)
template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_row(const Waves<Real>& waves, const Group& group, const double& t, Output* sin,
                                 Output* cos, unsigned stores) {
  if (PHASOR_RARELY(!has_fma || magnitude(t) >= group.direct_below))
    return compute_row_by_memory<Real>(waves, group, t, sin, cos, stores);
  const Split<Real> time(t);
  const auto compute = [&](bool has_low) PHASOR_INLINE_LAMBDA {
    const Line<Real> line{true, group.count, &t, &time.high, &time.low, has_low, nullptr, &waves, group.first};
    evaluate<Real>(DirectAngles<Real, phased>{line, waves}, phased, group.count, sin, cos, stores);
  };
  if (time.has_low)  // two loops, neither of which asks
    compute(true);
  else
    compute(false);
}

/// Rows of a group of plain waves that fills half a vector, two at a time.
template <typename Real, typename Output>
PHASOR_NOINLINE void compute_pairs(const Line<Real>& line, const Group& group, Output* sin, Output* cos, Index stride) {
  const DirectAngles<Real, false, true> angles{line, *line.waves};
  const Index count = line.count;
  const bool is_interleaved = (group.stores & store_interleaved) != 0;
  const auto put_halves = [=](Output* out, const Vector<Real>& x) PHASOR_INLINE_LAMBDA {
    const auto both = as_output<Output>(x);
    std::memcpy(static_cast<void*>(out), &both, sizeof both / 2);
    std::memcpy(static_cast<void*>(out + stride), reinterpret_cast<const char*>(&both) + sizeof both / 2,
                sizeof both / 2);
  };
  for (Index i = 0; i < count; i += 2) {
    i = i < count - 2 ? i : count - 2;  // the last pair may overlap another: the same bits again
    const SinCos<Real> x = sin_cos<Real>(angles(i));
    if (is_interleaved) {
      const SinCos<Real> rows = interleaved<Real>(x);
      put(sin + i * stride, as_output<Output>(rows.sin));
      put(sin + (i + 1) * stride, as_output<Output>(rows.cos));
    } else {
      put_halves(sin + i * stride, x.sin);
      put_halves(cos + i * stride, x.cos);
    }
  }
}

/// Columns of a group, from line.first on.
template <typename Real, bool phased, typename Output>
PHASOR_NOINLINE void compute_columns(Line<Real> line, const Group& group, Index columns, Output* sin, Output* cos,
                                     Index stride, unsigned stores) {
  for (Index i = 0; i < columns; ++i, ++line.first) {
    if (!has_fma || line.reductions) {
      compute_by_memory<Real>(line, group, sin + i * stride, cos + i * stride, stores);
    } else {
      line.is_row = false;  // a constant, for the compiler
      const DirectAngles<Real, phased> angles{line, *line.waves};
      evaluate<Real>(angles, phased, line.count, sin + i * stride, cos + i * stride, stores);
    }
  }
}

/// Splits timesteps, as Kernel says. Few have low parts, so a second loop computes them, if there may be any, and what
/// fills no vector.
// (Double is a parameter since nvcc writes an alias of double, in a template, wrongly.)
template <typename Real, typename Double = double>
std::uint64_t split(const Double* t, Index count, Real* high, Real* low, bool& has_low) {
  using Doubles = Vector<Double>;
  using Words = Integers<Double>;
  constexpr Index step = lanes<Double>;
  Words most{}, rests{};
  const Index padded = (count + max_lanes - 1) / max_lanes * max_lanes;
  const Index whole = count - count % step;
  for (Index i = 0; i < whole; i += step) {
    const auto x = load<Doubles>(t + i);
    const auto x_high = opaque(convert<typename vector_of<Real, step>::type>(x));
    const Words size = same_bits<Words>(x) << 1 >> 1;
    put(high + i, x_high);
    most = size > most ? size : most;
    rests |= same_bits<Words>(x - convert<Doubles>(x_high)) << 1;
  }
  std::uint64_t sizes[max_lanes], some[max_lanes], largest = 0, any = 0;
  put(sizes, most);
  put(some, rests);
  for (Index l = 0; l < step; ++l) {
    largest = sizes[l] > largest ? sizes[l] : largest;
    any |= some[l];
  }
  has_low = false;
  for (Index i = any ? 0 : whole; i < count; ++i) {
    const Split<Real> time(t[i]);
    high[i] = time.high;
    low[i] = time.low;
    has_low |= time.has_low;
    largest = magnitude(t[i]) > largest ? magnitude(t[i]) : largest;
  }
  if (has_low && !any) std::memset(low, 0, static_cast<std::size_t>(whole) * sizeof(Real));
  for (Index i = count; i < padded; ++i) high[i] = low[i] = 0;
  return largest;
}

/// A cache line is streamed as a whole or not at all, since an ordinary store into one that is half streamed flushes
/// it: so ends, which share a line with something else, are not.
inline void stream(char* to, const char* from, std::size_t bytes) {
  const std::size_t before = (0 - reinterpret_cast<std::uintptr_t>(to)) % cache_line,
                    begin = before < bytes ? before : bytes, end = bytes - (bytes - begin) % cache_line;
  std::memcpy(to, from, begin);
  for (std::size_t i = begin; i < end; i += sizeof(Vector<float>)) put_streamed(to + i, load<Vector<float>>(from + i));
  std::memcpy(to + end, from + end, bytes - end);
}

template <typename Real, typename Output>
inline constexpr Kernel<Real, Output> kernel = {
    {compute_row<Real, false, Output>, compute_row<Real, true, Output>},
    has_fma ? compute_pairs<Real, Output> : nullptr,
    {compute_columns<Real, false, Output>, compute_columns<Real, true, Output>},
    split<Real>,
    stream,
    lanes<Real>,
    has_fma};
