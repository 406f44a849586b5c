// phasor: the SIMD words that the kernel is written in.
//
// A vector V is one of Eigen's packets, or float or double itself: a vector of one lane, with the same bits; or a Twin
// of two, whose instructions alternate: a chain of dependent operations then waits half as long for itself. Packets are
// vectors of GCC and Clang, which know the operators of C++ on them, lane by lane.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>
#include <utility>

#if !defined(__GNUC__) && !defined(__clang__)
#error "phasor needs GCC or Clang, for their vectors (on Windows: MinGW-w64, or Clang)"
#endif

#ifndef __clang__
#pragma GCC diagnostic push                            // to the end of table.hpp
#pragma GCC diagnostic ignored "-Wignored-attributes"  // those of packets, as template arguments
#endif

namespace phasor::detail {

namespace ei = Eigen::internal;
using Index = Eigen::Index;

/// True where a fused multiply-add is an instruction, for packets and for scalars.
#if defined(EIGEN_VECTORIZE_FMA) || defined(__FMA__) || defined(__ARM_FEATURE_FMA) || \
    (defined(__FP_FAST_FMAF) && !EIGEN_ARCH_i386_OR_x86_64)
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

template <typename V>
struct Twin {
  V a, b;
  friend EIGEN_ALWAYS_INLINE Twin operator+(const Twin& x, const Twin& y) { return {x.a + y.a, x.b + y.b}; }
  friend EIGEN_ALWAYS_INLINE Twin operator-(const Twin& x) { return {-x.a, -x.b}; }
  friend EIGEN_ALWAYS_INLINE Twin operator-(const Twin& x, const Twin& y) { return {x.a - y.a, x.b - y.b}; }
  friend EIGEN_ALWAYS_INLINE Twin operator*(const Twin& x, const Twin& y) { return {x.a * y.a, x.b * y.b}; }
};

template <typename V>
struct vector_traits {
  using lane = typename ei::unpacket_traits<V>::type;
  static constexpr Index lanes = ei::unpacket_traits<V>::size;
};
template <typename V>
struct vector_traits<Twin<V>> {
  using lane = typename vector_traits<V>::lane;
  static constexpr Index lanes = 2 * vector_traits<V>::lanes;
};
template <typename V>
using Lane = typename vector_traits<V>::lane;
template <typename V>
inline constexpr Index lanes = vector_traits<V>::lanes;

/// Wide<V> has the lanes of V, a vector of floats, as doubles.
template <typename V>
struct wide;
template <typename V>
using Wide = typename wide<V>::type;
template <>
struct wide<float> {
  using type = double;
};

/// Vectors on this target: a Packet of floats or of doubles; and Narrow, of floats that as doubles fill one packet, or
/// two where a packet holds only two.
#if defined(EIGEN_VECTORIZE_SSE) || (defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64 && !defined(__AARCH64EB__))
template <typename Real>
using Packet = typename ei::packet_traits<Real>::type;
#ifdef EIGEN_VECTORIZE_AVX512
using Narrow = ei::Packet8f;
#else
using Narrow = ei::Packet4f;
#endif
template <>
struct wide<Narrow> {
  using type = std::conditional_t<lanes<Packet<double>> == lanes<Narrow>, Packet<double>, Twin<Packet<double>>>;
};
#else
template <typename Real>
using Packet = Real;
using Narrow = float;
#endif

/// A vector of N integers.
template <typename Integer, Index N>
struct integers {
  using type __attribute__((vector_size(N * sizeof(Integer)))) = Integer;
};
template <typename Integer>
struct integers<Integer, 1> {
  using type = Integer;
};
template <typename V>
using Bits = typename integers<std::conditional_t<sizeof(Lane<V>) == 4, std::uint32_t, std::uint64_t>, lanes<V>>::type;

template <typename To, typename From>
EIGEN_ALWAYS_INLINE To bit_cast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  if constexpr (std::is_scalar_v<From> && std::is_scalar_v<To>) {
    To to;
    std::memcpy(&to, &from, sizeof to);
    return to;
  } else {
    return reinterpret_cast<To>(from);
  }
}
template <typename V>
EIGEN_ALWAYS_INLINE Bits<V> bits(V x) {
  return bit_cast<Bits<V>>(x);
}

template <typename V>
inline constexpr bool is_twin = false;
template <typename V>
inline constexpr bool is_twin<Twin<V>> = true;

/// x in every lane.
template <typename V>
EIGEN_ALWAYS_INLINE V broadcast(Lane<V> x) {
  if constexpr (is_twin<V>) {
    return {broadcast<decltype(V::a)>(x), broadcast<decltype(V::b)>(x)};
  } else {
    return ei::pset1<V>(x);
  }
}

/// x[0], x[1], …
template <typename V>
EIGEN_ALWAYS_INLINE V load(const Lane<V>* x) {
  if constexpr (is_twin<V>) {
    return {load<decltype(V::a)>(x), load<decltype(V::b)>(x + lanes<V> / 2)};
  } else {
    return ei::ploadu<V>(x);
  }
}

/// x, in a form that the optimizer cannot see through: it may neither fold (x + magic) - magic to x, as -ffast-math
/// would, nor contract a product into a sum.
template <typename V>
EIGEN_ALWAYS_INLINE V opaque(V x) {
#if defined(__SSE2__)
  asm("" : "+v"(x));
#elif EIGEN_ARCH_ARM64
  asm("" : "+w"(x));
#else
  asm("" : "+m"(x));
#endif
  return x;
}
template <typename V>
EIGEN_ALWAYS_INLINE Twin<V> opaque(const Twin<V>& x) {
  return {opaque(x.a), opaque(x.b)};
}

/// x y + z, rounded once where has_fma.
template <typename V>
EIGEN_ALWAYS_INLINE V mul_add(const V& x, const V& y, const V& z) {
  if constexpr (is_twin<V>) {
    return {mul_add(x.a, y.a, z.a), mul_add(x.b, y.b, z.b)};
  } else if constexpr (!has_fma) {
    return x * y + z;
  } else if constexpr (lanes<V> == 1) {
    return std::fma(x, y, z);
  } else {
    return ei::pmadd(x, y, z);
  }
}

template <typename V>
struct SinCos {
  V sin, cos;
};

#ifdef EIGEN_VECTORIZE_AVX512
// turn() in fewer instructions: the signs are from a table, by the low bits of y.
EIGEN_ALWAYS_INLINE SinCos<ei::Packet16f> turn(const SinCos<ei::Packet16f>& of_r, const ei::Packet16f& y) {
  const auto n = reinterpret_cast<__m512i>(y), one = _mm512_set1_epi32(1);
  const int minus = std::numeric_limits<int>::min();                   // the bits of -0
  const __mmask16 odd = _mm512_test_epi32_mask(n, one), all = 0xffff;  // unmasked, g++ 12 warns of its own header
  const __m512i sin = _mm512_maskz_permutexvar_epi32(all, n, _mm512_setr4_epi32(0, 0, minus, minus)),
                cos = _mm512_maskz_permutexvar_epi32(all, n, _mm512_setr4_epi32(0, minus, minus, 0));
  return {reinterpret_cast<__m512>(reinterpret_cast<__m512i>(_mm512_mask_blend_ps(odd, of_r.sin, of_r.cos)) ^ sin),
          reinterpret_cast<__m512>(reinterpret_cast<__m512i>(_mm512_mask_blend_ps(odd, of_r.cos, of_r.sin)) ^ cos)};
}
#endif

/// The sine and cosine of n quarter turns and r more, from those of r: they change places where n is odd, and change
/// sign as n mod 4 says. n is the low two bits of y.
template <typename V>
EIGEN_ALWAYS_INLINE SinCos<V> turn(const SinCos<V>& of_r, const V& y) {
  if constexpr (is_twin<V>) {
    using Half = decltype(V::a);
    const auto first = turn(SinCos<Half>{of_r.sin.a, of_r.cos.a}, y.a);
    const auto second = turn(SinCos<Half>{of_r.sin.b, of_r.cos.b}, y.b);
    return {{first.sin, second.sin}, {first.cos, second.cos}};
  } else {
    constexpr int to_sign = 8 * sizeof(Lane<V>) - 2;
    const Bits<V> n = bits(y), zero = n ^ n, sign = zero + (Bits<Lane<V>>(2) << to_sign);
    const Bits<V> change =
        (bits(of_r.sin) ^ bits(of_r.cos)) & (zero - (n & 1));  // no blend, which not all targets have
    return {bit_cast<V>(bits(of_r.sin) ^ change ^ (n << to_sign & sign)),
            bit_cast<V>(bits(of_r.cos) ^ change ^ ((n + 1) << to_sign & sign))};
  }
}

/// A wide vector, rounded to float.
template <typename V>
EIGEN_ALWAYS_INLINE V narrow(const Wide<V>& x) {
  if constexpr (lanes<V> == 1) {
    return static_cast<float>(x);
  } else if constexpr (is_twin<Wide<V>>) {
    return ei::pcast<decltype(x.a), V>(x.a, x.b);
  } else {
    return __builtin_convertvector(x, V);
  }
}

/// The lanes i of x and then y, as if they were one vector.
template <int... i, typename V>
EIGEN_ALWAYS_INLINE V shuffled(const V& x, const V& y) {
#ifdef __clang__
  return __builtin_shufflevector(x, y, i...);
#else
  return __builtin_shuffle(x, y, Bits<V>{i...});
#endif
}

/// The low 32 bits of every wide lane.
template <typename V>
EIGEN_ALWAYS_INLINE V low_bits(const Wide<V>& x) {
  if constexpr (lanes<V> == 1) {
    return bit_cast<float>(static_cast<std::uint32_t>(bits(x)));
  } else if constexpr (is_twin<Wide<V>>) {
    return shuffled<0, 2, 4, 6>(bit_cast<V>(x.a), bit_cast<V>(x.b));
  } else {
    return bit_cast<V>(__builtin_convertvector(bits(x), Bits<V>));
  }
}

template <typename V, int... i>
EIGEN_ALWAYS_INLINE Twin<V> zip(const SinCos<V>& x, std::integer_sequence<int, i...>) {
  constexpr int n = lanes<V>;
  return {shuffled<(i / 2 + i % 2 * n)...>(x.sin, x.cos), shuffled<((i + n) / 2 + i % 2 * n)...>(x.sin, x.cos)};
}
/// Sine and cosine lane by lane: sin[0], cos[0], sin[1], …
template <typename V>
EIGEN_ALWAYS_INLINE Twin<V> zip(const SinCos<V>& x) {
  if constexpr (lanes<V> == 1) {
    return {x.sin, x.cos};
  } else if constexpr (is_twin<V>) {
    using Half = decltype(V::a);
    return {zip<Half>({x.sin.a, x.cos.a}), zip<Half>({x.sin.b, x.cos.b})};
  } else {
    return zip(x, std::make_integer_sequence<int, lanes<V>>());
  }
}

/// x rounded to the 16 bits of Half, in the low half of each integer. Holds for |x| <= 1, and for a NaN of which
/// only the high bits are set.
template <typename Half, typename V>
EIGEN_ALWAYS_INLINE Bits<V> rounded(const V& x) {
  const Bits<V> u = bits(x);
  if constexpr (std::is_same_v<Half, Eigen::bfloat16>) {
    return (u + 0x7fff + (u >> 16 & 1)) >> 16;
  } else {
    const Bits<V> magnitude = u & 0x7fffffff, half = bits(broadcast<V>(0.5f));
    const Bits<V> normal = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112 << 23)) >> 13;
    const Bits<V> subnormal = bits<V>(bit_cast<V>(magnitude) + bit_cast<V>(half)) - half;  // 0.5 + 2^-24 is next to 0.5
    const Bits<V> nan = (u & 0) + 0x7e00, finite = magnitude < 113 << 23 ? subnormal : normal;
    return (u >> 16 & 0x8000) | (magnitude > 0x7f800000 ? nan : finite);
  }
}

/// Writes x to to[0], to[1], …, rounded to Scalar.
template <typename Scalar, typename V>
EIGEN_ALWAYS_INLINE void store(Scalar* to, const V& x) {
  if constexpr (is_twin<V>) {
    store(to, x.a);
    store(to + lanes<V> / 2, x.b);
  } else if constexpr (std::is_same_v<Lane<V>, Scalar>) {
    ei::pstoreu(to, x);
  } else {
    using Halves = typename integers<std::uint16_t, lanes<V>>::type;
    Halves halves;
    if constexpr (lanes<V> == 1) {
      halves = static_cast<std::uint16_t>(rounded<Scalar>(x));
#if defined(__F16C__) && defined(EIGEN_VECTORIZE_AVX)
    } else if constexpr (std::is_same_v<Scalar, Eigen::half> && lanes<V> == 4) {
      const __m128i low = _mm_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT);
      std::memcpy(&halves, &low, sizeof halves);
    } else if constexpr (std::is_same_v<Scalar, Eigen::half> && lanes<V> == 8) {
      halves = bit_cast<Halves>(_mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
#ifdef EIGEN_VECTORIZE_AVX512
    } else if constexpr (std::is_same_v<Scalar, Eigen::half> && lanes<V> == 16) {
      halves = bit_cast<Halves>(_mm512_maskz_cvtps_ph(0xffff, x, _MM_FROUND_TO_NEAREST_INT));
#endif
#endif
#if defined(__AVX512BF16__) && defined(EIGEN_VECTORIZE_AVX512)
    } else if constexpr (std::is_same_v<Scalar, Eigen::bfloat16> && lanes<V> == 16) {
      halves = bit_cast<Halves>(_mm512_cvtneps_pbh(x));
#endif
    } else {
      halves = __builtin_convertvector(rounded<Scalar>(x), Halves);
    }
    std::memcpy(static_cast<void*>(to), &halves, sizeof halves);
  }
}

/// Streamed stores go past the caches, in pieces of this type, at multiples of its size (char where there are none).
#if defined(EIGEN_VECTORIZE_AVX512)
using Piece = __m512i;
EIGEN_ALWAYS_INLINE void stream(Piece* to, const Piece& x) { _mm512_stream_si512(to, x); }
#elif defined(EIGEN_VECTORIZE_AVX)
using Piece = __m256i;
EIGEN_ALWAYS_INLINE void stream(Piece* to, const Piece& x) { _mm256_stream_si256(to, x); }
#elif defined(EIGEN_VECTORIZE_SSE)
using Piece = __m128i;
EIGEN_ALWAYS_INLINE void stream(Piece* to, const Piece& x) { _mm_stream_si128(to, x); }
#else
using Piece = char;
EIGEN_ALWAYS_INLINE void stream(Piece* to, const Piece& x) { *to = x; }
#endif

/// store(), streamed where x fills whole pieces: four halves do not.
template <typename Scalar, typename V>
EIGEN_ALWAYS_INLINE void store_streamed(Scalar* to, const V& x) {
  constexpr std::size_t pieces = lanes<V> * sizeof(Scalar) / sizeof(Piece);
  if constexpr (pieces * sizeof(Piece) != lanes<V> * sizeof(Scalar)) return store(to, x);
  alignas(64) Scalar values[lanes<V>];
  store(values, x);
  for (std::size_t i = 0; i < pieces; ++i)
    stream(reinterpret_cast<Piece*>(to) + i, reinterpret_cast<Piece*>(values)[i]);
}

/// Makes streamed stores visible to other threads before later stores.
inline void stream_fence() {
#ifdef EIGEN_VECTORIZE_SSE
  _mm_sfence();
#endif
}

}  // namespace phasor::detail
