// phasor: the vectors of one target, and what they do. No include guard: included once for each target, in its namespace and
// its region, so it includes nothing.
//
// A vector is one of GCC and Clang, which know the operators of C++ on it, lane by lane; for the scalar target, a number.
// Functions of GCC's own names (__builtin_ia32_...) stand for intrinsics, whose header is 60,000 lines.

/// Of a vector register; 0 of the scalar target.
inline constexpr int vector_bytes = PHASOR_TARGET == PHASOR_AVX512   ? 64
                                    : PHASOR_TARGET == PHASOR_AVX2   ? 32
                                    : PHASOR_TARGET == PHASOR_SCALAR ? 0
                                                                     : 16;

template <typename Real>
inline constexpr Index lanes = vector_bytes ? vector_bytes / static_cast<Index>(sizeof(Real)) : 1;

/// True where a fused multiply-add is an instruction.
inline constexpr bool has_fma = PHASOR_TARGET >= PHASOR_AVX2 || PHASOR_FMA;

/// `count` numbers side by side: one if count is 1.
template <typename Number, Index count>
struct vector_of {
#if PHASOR_EXTENSIONS
  using type __attribute__((vector_size(count * sizeof(Number)))) = Number;
#endif
};
template <typename Number>
struct vector_of<Number, 1> {
  using type = Number;
};
template <typename Real>
using Vector = typename vector_of<Real, lanes<Real>>::type;
template <typename Real>
using Integers = typename vector_of<Word<Real>, lanes<Real>>::type;

/// The vector in memory from x on, and the other way round; neither asks for alignment.
template <typename To, typename Number>
PHASOR_INLINE To load(const Number* x) {
  To to;
  std::memcpy(&to, static_cast<const void*>(x), sizeof to);
  return to;
}
template <typename From, typename Number>
PHASOR_INLINE void put(Number* to, const From& x) {
  std::memcpy(static_cast<void*>(to), &x, sizeof x);
}
template <typename To, typename From>
PHASOR_INLINE To same_bits(const From& x) {
  static_assert(sizeof(To) == sizeof(From), "");
  return load<To>(&x);
}

/// x in every lane.
template <typename AnyVector, typename Number>
PHASOR_INLINE AnyVector all(const Number& x) {
  return x - AnyVector{};
}

/// Each lane of x as one of To.
template <typename To, typename From>
PHASOR_INLINE To convert(const From& x) {
#if PHASOR_TARGET == PHASOR_SCALAR
  return static_cast<To>(x);
#else
  return __builtin_convertvector(x, To);
#endif
}

/// x, in a form that no optimisation sees through. -ffast-math would fold (x + magic) - magic to x, would contract a
/// product into a sum and take sums apart to share a factor: each result that is rounded where that matters passes here.
template <typename AnyVector>
PHASOR_INLINE AnyVector opaque(AnyVector x) {
#if !PHASOR_EXTENSIONS
  x = stored(x);
#elif PHASOR_TARGET == PHASOR_AVX512
  asm("" : "+v"(x));
#elif PHASOR_TARGET >= PHASOR_SSE2
  asm("" : "+x"(x));
#elif defined(__aarch64__)
  asm("" : "+w"(x));
#else
  asm("" : "+m"(x));
#endif
  return x;
}

/// x y + z, rounded once where has_fma.
template <typename Real>
PHASOR_INLINE Vector<Real> mul_add(const Vector<Real>& x, const Vector<Real>& y, const Vector<Real>& z) {
  if constexpr (!has_fma) {
    return opaque(x * y) + z;
#if PHASOR_TARGET != PHASOR_SCALAR && defined(__clang__)
  } else {
#pragma clang fp contract(on)
    return x * y + z;
#elif PHASOR_TARGET == PHASOR_AVX512
  } else if constexpr (sizeof(Real) == 4) {
    return __builtin_ia32_vfmaddps512_mask(x, y, z, -1, 4);
  } else {
    return __builtin_ia32_vfmaddpd512_mask(x, y, z, 0xff, 4);
#elif PHASOR_TARGET == PHASOR_AVX2
  } else if constexpr (sizeof(Real) == 4) {
    return __builtin_ia32_vfmaddps256(x, y, z);
  } else {
    return __builtin_ia32_vfmaddpd256(x, y, z);
#elif PHASOR_TARGET == PHASOR_SSE2 && PHASOR_FMA
  } else if constexpr (sizeof(Real) == 4) {
    return __builtin_ia32_vfmaddps(x, y, z);
  } else {
    return __builtin_ia32_vfmaddpd(x, y, z);
#elif PHASOR_TARGET == PHASOR_NEON
  } else if constexpr (sizeof(Real) == 4) {
    return same_bits<Vector<Real>>(
        vfmaq_f32(same_bits<float32x4_t>(z), same_bits<float32x4_t>(x), same_bits<float32x4_t>(y)));
  } else {
    return same_bits<Vector<Real>>(
        vfmaq_f64(same_bits<float64x2_t>(z), same_bits<float64x2_t>(x), same_bits<float64x2_t>(y)));
#else
  } else {
    return std::fma(x, y, z);
#endif
  }
}

/// table[n mod 16] in each lane; table[i + 8] = -table[i].
template <typename Real>
PHASOR_INLINE Vector<Real> lookup(const Real* table, const Integers<Real>& n) {
  using To [[maybe_unused]] = Vector<Real>;
#if PHASOR_TARGET == PHASOR_SCALAR
  return table[n % 16];
#elif PHASOR_TARGET == PHASOR_AVX512 && defined(__clang__)
  if constexpr (sizeof(Real) == 4) {
    return same_bits<To>(_mm512_permutexvar_ps(same_bits<__m512i>(n), load<__m512>(table)));
  } else {
    return same_bits<To>(_mm512_permutex2var_pd(load<__m512d>(table), same_bits<__m512i>(n), load<__m512d>(table + 8)));
  }
#elif PHASOR_TARGET == PHASOR_AVX512
  if constexpr (sizeof(Real) == 4) {
    return __builtin_shuffle(load<To>(table), n);
  } else {
    return __builtin_shuffle(load<To>(table), load<To>(table + 8), n);
  }
#else
#if PHASOR_TARGET == PHASOR_AVX2
  if constexpr (sizeof(Real) == 4) {
#if defined(__clang__)
    const To half = same_bits<To>(_mm256_permutevar8x32_ps(load<__m256>(table), same_bits<__m256i>(n)));
#else
    const To half = __builtin_shuffle(load<To>(table), n);
#endif
    return same_bits<To>(same_bits<Integers<Real>>(half) ^ (n & 8) << 28);
  }
#elif PHASOR_TARGET == PHASOR_NEON
  if constexpr (sizeof(Real) == 4) {
    const auto places = same_bits<uint8x16_t>(n % 16 * 0x04040404 + 0x03020100);  // of bytes
    return same_bits<To>(vqtbl4q_u8(vld1q_u8_x4(reinterpret_cast<const std::uint8_t*>(table)), places));
  }
#endif
  To x{};
  for (Index l = 0; l < lanes<Real>; ++l) x[l] = table[n[l] % 16];
  return x;
#endif
}

/// Lanes first, first + 1, ... of sin[0], cos[0], sin[1], cos[1], ...
template <typename Real, int first, int... i>
PHASOR_INLINE Vector<Real> zipped(const Vector<Real>& sin, const Vector<Real>& cos, std::integer_sequence<int, i...>) {
#if PHASOR_TARGET == PHASOR_SCALAR
  return first ? cos : sin;
#elif defined(__clang__)
  return __builtin_shufflevector(sin, cos, ((first + i) / 2 + i % 2 * static_cast<int>(lanes<Real>))...);
#else
  return __builtin_shuffle(sin, cos, Integers<Real>{static_cast<Word<Real>>((first + i) / 2 + i % 2 * lanes<Real>)...});
#endif
}

/// x rounded to the 16 bits of a Half16 or Brain16, in the low half of each integer. Holds for |x| <= 1, and for a NaN of
/// which only the high bits are set.
template <typename Output>
PHASOR_INLINE Integers<float> rounded(const Vector<float>& x) {
  const auto u = same_bits<Integers<float>>(x);
  if constexpr (std::is_same_v<Output, Brain16>) {
    return (u + 0x7fff + (u >> 16 & 1)) >> 16;
  } else {  // |x| + 2^13 times its power of two, or 2^-14 if that is more, has the last bit that half has
    const Integers<float> magnitude = u & 0x7fffffff, exponent = magnitude & 0x7f800000, least = (u & 0) + 0x38800000;
    const Integers<float> power = exponent > least ? exponent : least, addend = power + (13 << 23);
    const Vector<float> sum = same_bits<Vector<float>>(magnitude) + same_bits<Vector<float>>(addend);
    const Integers<float> finite = (power >> 13) + (same_bits<Integers<float>>(opaque(sum)) - addend) - (113 << 10);
    return (u >> 16 & 0x8000) | (magnitude > 0x7f800000 ? (u & 0) + 0x7e00 : finite);
  }
}

/// x, rounded to Output: as many of them side by side.
template <typename Output, typename Reals>
PHASOR_INLINE auto as_output(const Reals& x) {
  if constexpr (!std::is_enum_v<Output>) {
    return x;
#if PHASOR_TARGET == PHASOR_AVX512
  } else if constexpr (std::is_same_v<Output, FastBrain16>) {
    typename vector_of<std::uint16_t, 16>::type result;
    asm("vcvtneps2bf16 {%1, %0|%0, %1}" : "=v"(result) : "v"(x));
    return result;
  } else if constexpr (std::is_same_v<Output, Half16>) {
#if defined(__clang__)
    return _mm512_cvtps_ph(same_bits<__m512>(x), 0);
#else
    return __builtin_ia32_vcvtps2ph512_mask(x, 0, vector_of<short, 16>::type{}, 0xffff);
#endif
#elif PHASOR_TARGET == PHASOR_AVX2
  } else if constexpr (std::is_same_v<Output, Half16>) {
    return __builtin_ia32_vcvtps2ph256(x, 0);
#endif
  } else {
    return convert<typename vector_of<std::uint16_t, lanes<float>>::type>(rounded<Output>(x));
  }
}

/// Writes a whole vector past the caches ("streamed"): `to` is a multiple of its size.
template <typename AnyVector>
PHASOR_INLINE void put_streamed([[maybe_unused]] void* to, [[maybe_unused]] AnyVector x) {
#if PHASOR_TARGET >= PHASOR_SSE2 && defined(__clang__)
  __builtin_nontemporal_store(x, static_cast<AnyVector*>(to));
#elif PHASOR_TARGET >= PHASOR_AVX512
  if constexpr (sizeof x == 64) {
    __builtin_ia32_movntps512(static_cast<float*>(to), same_bits<Vector<float>>(x));
  } else {
    __builtin_ia32_movntps256(static_cast<float*>(to), same_bits<typename vector_of<float, 8>::type>(x));
  }
#elif PHASOR_TARGET == PHASOR_AVX2
  __builtin_ia32_movntps256(static_cast<float*>(to), same_bits<Vector<float>>(x));
#elif PHASOR_TARGET == PHASOR_SSE2
  __builtin_ia32_movntps(static_cast<float*>(to), same_bits<Vector<float>>(x));
#endif
}

/// Copies bytes; past the caches if `streams`, but for what stands before and behind whole cache lines.
PHASOR_NOINLINE inline void copy(void* to, const void* from, Index bytes, [[maybe_unused]] bool streams) {
#if PHASOR_TARGET >= PHASOR_SSE2
  const auto before = static_cast<Index>(-reinterpret_cast<std::uintptr_t>(to) & 63);
  if (streams && bytes >= before + 64) {
    auto* out = static_cast<char*>(to);
    const auto* in = static_cast<const char*>(from);
    std::memcpy(out, in, static_cast<std::size_t>(before));
    const Index end = bytes - (bytes - before) % 64;
    for (Index i = before; i < end; i += vector_bytes) put_streamed(out + i, load<Vector<float>>(in + i));
    to = out + end;
    from = in + end;
    bytes -= end;
  }
#endif
  std::memcpy(to, from, static_cast<std::size_t>(bytes));
}

template <typename Output>
PHASOR_INLINE void fill(Output* to, Index count, const Output& x) {
  constexpr auto step = static_cast<Index>(sizeof(Integers<double>) / sizeof(Output));
  using Bits = std::conditional_t<sizeof(Output) == 2, std::uint16_t,
                                  Word<std::conditional_t<sizeof(Output) == 8, double, float>>>;
  const auto pattern = same_bits<Bits>(x) * (~std::uint64_t(0) / static_cast<Bits>(~Bits(0)));
  if (count < step) {
    for (Index i = 0; i < count; ++i) put(to + i, x);
  } else {
    for (Index i = 0; i < count; i += step)
      put(to + (i < count - step ? i : count - step), pattern | Integers<double>{});
  }
}
