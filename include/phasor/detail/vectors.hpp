// phasor: the vectors of one target, and what they do. No include guard: included once for each target, in its
// namespace and its region, so it includes nothing.
//
// A vector is one of GCC and Clang, which know the operators of C++ on it, lane by lane; for the scalar target, a
// number. Functions of GCC's own names (__builtin_ia32_...) stand for intrinsics, whose header is 60,000 lines.

/// Bytes of a vector; 0 for the scalar target.
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
/// product into a sum and take sums apart to share a factor: each result that is rounded where that matters passes
/// here.
template <typename AnyVector>
PHASOR_INLINE AnyVector opaque(AnyVector x) {
#if !PHASOR_EXTENSIONS
  x = stored(x);
#elif PHASOR_TARGET == PHASOR_AVX512
  asm("" : "+v"(x));
#elif PHASOR_TARGET >= PHASOR_SSE2
  if constexpr (sizeof x == 8 && !std::is_arithmetic_v<AnyVector>)
    asm("" : "+m"(x));  // no register of clang's
  else
    asm("" : "+x"(x));
#elif defined(__aarch64__)
  asm("" : "+w"(x));
#elif defined(__wasm__)
  // Clang 19 to 21 crash at asm of a vector (llvm-project#146574), and half a vector has no register.
  if constexpr (PHASOR_TARGET == PHASOR_SCALAR || (sizeof x == 16 && (__clang_major__ < 19 || __clang_major__ > 21))) {
    asm("" : "+r"(x));
  } else {
    std::uint32_t zero = 0;
    asm("" : "+r"(zero));
    x = same_bits<AnyVector>(same_bits<typename vector_of<std::uint32_t, sizeof x / 4>::type>(x) ^ zero);
  }
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
    return __builtin_ia32_permvarsf512(load<To>(table), n);
  } else {
    return __builtin_ia32_vpermi2varpd512(load<To>(table), n, load<To>(table + 8));
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
    const To half = __builtin_ia32_permvarsf256(load<To>(table), n);
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
#if defined(__clang__)
#pragma clang loop unroll(full)  // of wasm, it does not by itself
#endif
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

/// x in the first half of the lanes, y in the other.
template <typename Real, int... i>
PHASOR_INLINE Vector<Real> halves([[maybe_unused]] Real x, Real y, std::integer_sequence<int, i...>) {
#if PHASOR_TARGET == PHASOR_SCALAR
  return y;
#else
  const Integers<Real> is_first = {(2 * i < lanes<Real> ? ~Word<Real>(0) : Word<Real>(0))...};
  return is_first ? all<Vector<Real>>(x) : all<Vector<Real>>(y);
#endif
}

/// x rounded to 16 bits, in the low half of each integer. Holds for |x| <= 1, and for a NaN of which only the high bits
/// are set.
PHASOR_INLINE Integers<float> rounded(const Vector<float>& x, Bfloat16) {
  const auto u = same_bits<Integers<float>>(x);
  return (u + 0x7fff + (u >> 16 & 1)) >> 16;
}
PHASOR_INLINE Integers<float> rounded(const Vector<float>& x, Binary16) {
  // Floats have 13 fraction bits more, and 112 more of an exponent. x is rounded by adding 2^13 times its power of two,
  // or the least of half's, 2^-14, if that is more.
  constexpr std::uint32_t sign = 0x80000000, infinity = 0x7f800000, least = (127 - 14) << 23, nan = 0x7e00;
  const auto u = same_bits<Integers<float>>(x);
  const Integers<float> size = u & ~sign, exponent = size & infinity, zero = u & 0;
  const Integers<float> power = exponent > least ? exponent : zero + least, addend = power + (13 << 23);
  const Vector<float> sum = same_bits<Vector<float>>(size) + same_bits<Vector<float>>(addend);
  const Integers<float> finite = (power >> 13) + (same_bits<Integers<float>>(opaque(sum)) - addend) - (113 << 10);
  return (u & sign) >> 16 | (size > infinity ? zero + nan : finite);
}

/// x, rounded to Output: as many of them side by side.
template <typename Output, typename Reals>
PHASOR_INLINE auto as_output(const Reals& x) {
  if constexpr (!std::is_enum_v<Output>) {
    return x;
#if PHASOR_TARGET == PHASOR_AVX512
  } else if constexpr (std::is_same_v<Output, Binary16>) {
    return __builtin_ia32_vcvtps2ph512_mask(x, 0, vector_of<short, 16>::type{}, 0xffff);
#elif PHASOR_TARGET == PHASOR_AVX2
  } else if constexpr (std::is_same_v<Output, Binary16>) {
    return __builtin_ia32_vcvtps2ph256(x, 0);
#endif
  } else {
    return convert<typename vector_of<std::uint16_t, static_cast<Index>(sizeof(Reals) / sizeof(float))>::type>(
        rounded(x, Output{}));
  }
}

/// Writes a whole vector past the caches ("streamed"), where `to` is a multiple of its size; where there is no such
/// store, as put does.
template <typename AnyVector>
PHASOR_INLINE void put_streamed(void* to, const AnyVector& x) {
#if PHASOR_TARGET >= PHASOR_SSE2 && defined(__clang__)
  __builtin_nontemporal_store(x, static_cast<AnyVector*>(to));
#elif PHASOR_TARGET >= PHASOR_SSE2
  auto* const floats = static_cast<float*>(to);
  const auto y = same_bits<typename vector_of<float, static_cast<Index>(sizeof(AnyVector) / 4)>::type>(x);
#if PHASOR_TARGET >= PHASOR_AVX512
  if constexpr (sizeof x == 64) __builtin_ia32_movntps512(floats, y);
#endif
#if PHASOR_TARGET >= PHASOR_AVX2
  if constexpr (sizeof x == 32) __builtin_ia32_movntps256(floats, y);
#endif
  if constexpr (sizeof x == 16) __builtin_ia32_movntps(floats, y);
  if constexpr (sizeof x < 16) put(static_cast<char*>(to), y);
#else
  put(static_cast<char*>(to), x);
#endif
}
