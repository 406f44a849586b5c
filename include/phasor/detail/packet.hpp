// phasor: the SIMD words that the kernel is written in, over Eigen's packets.
//
// A packet P is one of Eigen's; or float or double itself, a packet of one lane, with the same bits; or a Twin of two
// packets, whose instructions alternate: a chain of dependent operations then waits half as long for itself.
#pragma once

#include <Eigen/Core>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <type_traits>

#if defined(__GNUC__) && !defined(__clang__)
#pragma GCC diagnostic ignored "-Wignored-attributes"  // of vector types as template arguments; Eigen does the same
#endif

namespace phasor::detail {

using Index = Eigen::Index;

/// True where a fused multiply-add is an instruction, for packets and for scalars.
#if defined(EIGEN_VECTORIZE_FMA) || defined(__FMA__) || defined(__ARM_FEATURE_FMA) || \
    (defined(__FP_FAST_FMAF) && !EIGEN_ARCH_i386_OR_x86_64)
#define PHASOR_HAS_FMA
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

template <typename P>
struct Twin {
  P a, b;
};

template <typename P>
struct packet_traits {
  using lane = typename Eigen::internal::unpacket_traits<P>::type;
  static constexpr Index lanes = Eigen::internal::unpacket_traits<P>::size;
};
template <typename P>
struct packet_traits<Twin<P>> {
  using lane = typename packet_traits<P>::lane;
  static constexpr Index lanes = 2 * packet_traits<P>::lanes;
};
template <typename P>
using Lane = typename packet_traits<P>::lane;
template <typename P>
inline constexpr Index lanes = packet_traits<P>::lanes;

template <typename P>
inline constexpr bool is_scalar = std::is_floating_point_v<P>;
template <typename P>
inline constexpr bool is_twin = false;
template <typename P>
inline constexpr bool is_twin<Twin<P>> = true;

/// The packet of float or double on this target. Without FMA a float packet goes with two Packet2d.
template <typename Real>
struct packet {
  using type = Real;
};
#if defined(EIGEN_VECTORIZE_SSE) || (defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64)
template <>
struct packet<float> {
  using type = std::conditional_t<has_fma, Eigen::internal::packet_traits<float>::type, Eigen::internal::Packet4f>;
};
template <>
struct packet<double> {
  using type = Eigen::internal::packet_traits<double>::type;
};
#endif
template <typename Real>
using Packet = typename packet<Real>::type;

template <typename To, typename From>
EIGEN_ALWAYS_INLINE To bit_cast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}
inline std::uint32_t bits(float x) { return bit_cast<std::uint32_t>(x); }
inline std::uint64_t bits(double x) { return bit_cast<std::uint64_t>(x); }

/// The packet of x in every lane.
template <typename P>
EIGEN_ALWAYS_INLINE P broadcast(Lane<P> x) {
  if constexpr (is_twin<P>) {
    return {broadcast<decltype(P::a)>(x), broadcast<decltype(P::b)>(x)};
  } else {
    return Eigen::internal::pset1<P>(x);
  }
}

/// The packet of x[0], x[1], …
template <typename P>
EIGEN_ALWAYS_INLINE P load(const Lane<P>* x) {
  if constexpr (is_twin<P>) {
    return {load<decltype(P::a)>(x), load<decltype(P::b)>(x + lanes<P> / 2)};
  } else {
    return Eigen::internal::ploadu<P>(x);
  }
}

/// |x| <= 1 or a NaN without payload, rounded to nearest; faster than Eigen's conversions, which take any number.
template <typename Scalar>
EIGEN_ALWAYS_INLINE Scalar rounded(float x) {
  const std::uint32_t u = bits(x);
  if constexpr (std::is_same_v<Scalar, Eigen::bfloat16>) {
    return Eigen::bfloat16_impl::raw_uint16_to_bfloat16(static_cast<std::uint16_t>((u + 0x7fff + (u >> 16 & 1)) >> 16));
  } else {
    const std::uint32_t magnitude = u & 0x7fffffff, sign = u >> 16 & 0x8000;
    const std::uint32_t normal = (magnitude + 0xfff + (magnitude >> 13 & 1) - (112u << 23)) >> 13;
    const std::uint32_t subnormal =
        bits(bit_cast<float>(magnitude) + 0.5f) - bits(0.5f);  // 0.5 + 2^-24 is its neighbour
    const std::uint32_t finite = magnitude < 113u << 23 ? subnormal : normal;
    return Eigen::half_impl::raw_uint16_to_half(
        static_cast<std::uint16_t>(sign | (magnitude > bits(1.f) ? 0x7e00 : finite)));
  }
}

// (maskz with all lanes: without it g++ 12 warns of its own header.)
#if defined(EIGEN_VECTORIZE_AVX512)
EIGEN_ALWAYS_INLINE void store(Eigen::half* to, const Eigen::internal::Packet16f& x) {
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), _mm512_maskz_cvtps_ph(0xffff, x, _MM_FROUND_TO_NEAREST_INT));
}
EIGEN_ALWAYS_INLINE void store(Eigen::bfloat16* to, const Eigen::internal::Packet16f& x) {
#ifdef __AVX512BF16__
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to), bit_cast<__m256i>(_mm512_cvtneps_pbh(x)));
#else
  const __m512i u = _mm512_castps_si512(x),
                odd = _mm512_and_si512(_mm512_maskz_srli_epi32(0xffff, u, 16), _mm512_set1_epi32(1));
  const __m512i sum = _mm512_add_epi32(_mm512_add_epi32(u, _mm512_set1_epi32(0x7fff)), odd);
  _mm256_storeu_si256(reinterpret_cast<__m256i*>(to),
                      _mm512_maskz_cvtepi32_epi16(0xffff, _mm512_maskz_srli_epi32(0xffff, sum, 16)));
#endif
}
#elif defined(EIGEN_VECTORIZE_AVX2) && defined(__F16C__)
EIGEN_ALWAYS_INLINE void store(Eigen::half* to, const Eigen::internal::Packet8f& x) {
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to), _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT));
}
EIGEN_ALWAYS_INLINE void store(Eigen::bfloat16* to, const Eigen::internal::Packet8f& x) {
  const __m256i u = _mm256_castps_si256(x), odd = _mm256_and_si256(_mm256_srli_epi32(u, 16), _mm256_set1_epi32(1));
  const __m256i sum = _mm256_add_epi32(_mm256_add_epi32(u, _mm256_set1_epi32(0x7fff)), odd);
  const __m256i top = _mm256_srli_epi32(sum, 16);
  _mm_storeu_si128(reinterpret_cast<__m128i*>(to),
                   _mm_packus_epi32(_mm256_castsi256_si128(top), _mm256_extracti128_si256(top, 1)));
}
#endif

/// Writes x to to[0], to[1], …, rounded to Scalar.
template <typename Scalar, typename P>
EIGEN_ALWAYS_INLINE void store(Scalar* to, const P& x) {
  if constexpr (is_twin<P>) {
    store(to, x.a);
    store(to + lanes<P> / 2, x.b);
  } else if constexpr (std::is_same_v<Lane<P>, Scalar>) {
    Eigen::internal::pstoreu(to, x);
  } else {
    Lane<P> x_l[lanes<P>];
    Eigen::internal::pstoreu(x_l, x);
    for (Index l = 0; l < lanes<P>; ++l) to[l] = rounded<Scalar>(x_l[l]);
  }
}
/// Streamed stores go past the caches, in pieces of this type, at multiples of its size (of one byte: there are none).
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
template <typename Scalar, typename P>
EIGEN_ALWAYS_INLINE void store_streamed(Scalar* to, const P& x) {
  constexpr std::size_t pieces = lanes<P> * sizeof(Scalar) / sizeof(Piece);
  if constexpr (pieces * sizeof(Piece) != lanes<P> * sizeof(Scalar)) return store(to, x);
  alignas(64) Scalar values[lanes<P>];
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

/// x, in a form that the optimizer cannot see through: it may neither fold (x + magic) - magic to x, as -ffast-math
/// would, nor contract a product into a sum.
template <typename P>
EIGEN_ALWAYS_INLINE P opaque(P x) {
  if constexpr (is_twin<P>) {
    return {opaque(x.a), opaque(x.b)};
  } else {
#if defined(__GNUC__) && EIGEN_ARCH_i386_OR_x86_64
    asm("" : "+v"(x));
#elif defined(__GNUC__) && EIGEN_ARCH_ARM64
    asm("" : "+w"(x));
#elif defined(__GNUC__)
    asm("" : "+m"(x));
#endif
    return x;
  }
}

template <typename P>
EIGEN_ALWAYS_INLINE P add(const P& x, const P& y) {
  if constexpr (is_twin<P>) {
    return {add(x.a, y.a), add(x.b, y.b)};
  } else {
    return Eigen::internal::padd(x, y);
  }
}

template <typename P>
EIGEN_ALWAYS_INLINE P sub(const P& x, const P& y) {
  if constexpr (is_twin<P>) {
    return {sub(x.a, y.a), sub(x.b, y.b)};
  } else {
    return Eigen::internal::psub(x, y);
  }
}

template <typename P>
EIGEN_ALWAYS_INLINE P mul(const P& x, const P& y) {
  if constexpr (is_twin<P>) {
    return {mul(x.a, y.a), mul(x.b, y.b)};
  } else {
    return Eigen::internal::pmul(x, y);
  }
}

/// x y + z, rounded once where has_fma.
template <typename P>
EIGEN_ALWAYS_INLINE P mul_add(const P& x, const P& y, const P& z) {
  if constexpr (is_twin<P>) {
    return {mul_add(x.a, y.a, z.a), mul_add(x.b, y.b, z.b)};
  } else if constexpr (!has_fma) {
    return add(mul(x, y), z);
  } else if constexpr (is_scalar<P>) {
    return std::fma(x, y, z);
  } else {
    return Eigen::internal::pmadd(x, y, z);
  }
}

/// x, its sign flipped in the lanes where `sign` is -0 (not where it is +0).
template <typename P>
EIGEN_ALWAYS_INLINE P flip(const P& x, const P& sign) {
  if constexpr (is_twin<P>) {
    return {flip(x.a, sign.a), flip(x.b, sign.b)};
  } else if constexpr (is_scalar<P>) {
    return bit_cast<P>(bits(x) ^ bits(sign));
  } else {
    return Eigen::internal::pxor(x, sign);
  }
}

/// h - n, where n is h rounded to the nearest whole number and y = n + magic: exact.
template <typename P>
EIGEN_ALWAYS_INLINE P fraction(const P& h, const P& y, const P& magic) {
  if constexpr (is_twin<P>) {
    return {fraction(h.a, y.a, magic.a), fraction(h.b, y.b, magic.b)};
  } else {
#ifdef EIGEN_VECTORIZE_AVX512DQ
    if constexpr (std::is_same_v<P, Eigen::internal::Packet16f>) return _mm512_reduce_ps(h, 0);
#endif
    return add(h, opaque(sub(magic, y)));
  }
}

template <typename P>
struct SinCos {
  P sin, cos;
};

/// The sine and cosine of n quarter turns and r more, from those of r: they change places where n is odd, and change
/// sign as n mod 4 says. n is the low two bits of y; the sine also takes `sign`.
template <typename P>
EIGEN_ALWAYS_INLINE SinCos<P> turn(const SinCos<P>& of_r, const P& y, const P& sign) {
  namespace ei = Eigen::internal;
  if constexpr (is_twin<P>) {
    const auto first = turn(SinCos<decltype(y.a)>{of_r.sin.a, of_r.cos.a}, y.a, sign.a);
    const auto second = turn(SinCos<decltype(y.b)>{of_r.sin.b, of_r.cos.b}, y.b, sign.b);
    return {{first.sin, second.sin}, {first.cos, second.cos}};
  } else if constexpr (is_scalar<P>) {
    const auto n = bits(y) & 3;
    const int top = 8 * sizeof(P) - 2;
    return {flip(bit_cast<P>(bits(n & 1 ? of_r.cos : of_r.sin) ^ (n & 2) << top), sign),
            bit_cast<P>(bits(n & 1 ? of_r.sin : of_r.cos) ^ ((n + 1) & 2) << top)};
  } else if constexpr (std::is_same_v<Lane<P>, double>) {  // Eigen 3.4 has no packets of 64-bit integers
    const P one = broadcast<P>(1), bit0 = broadcast<P>(bit_cast<double>(std::uint64_t(1))),
            bit1 = broadcast<P>(bit_cast<double>(std::uint64_t(2))), minus = broadcast<P>(-0.);
    const P even = ei::pcmp_eq(ei::por(ei::pand(y, bit0), one), one);
    const P front = ei::pcmp_eq(ei::por(ei::pand(y, bit1), one), one);
    return {flip(flip(ei::pselect(even, of_r.sin, of_r.cos), ei::pandnot(minus, front)), sign),
            flip(ei::pselect(even, of_r.cos, of_r.sin), ei::pand(minus, ei::pxor(even, front)))};
  } else {
    using I = typename ei::unpacket_traits<P>::integer_packet;
    const I n = ei::preinterpret<I>(y);
    const P odd = ei::preinterpret<P>(ei::parithmetic_shift_right<31>(ei::plogical_shift_left<31>(n)));
    const P back = ei::preinterpret<P>(ei::plogical_shift_left<30>(n)), minus = broadcast<P>(-0.f);
    return {flip(flip(ei::pselect(odd, of_r.cos, of_r.sin), ei::pand(back, minus)), sign),
            flip(ei::pselect(odd, of_r.sin, of_r.cos), ei::pand(ei::pxor(back, odd), minus))};
  }
}

#ifdef EIGEN_VECTORIZE_AVX512
/// The same in fewer instructions: the signs are looked up by y mod 16.
EIGEN_ALWAYS_INLINE SinCos<Eigen::internal::Packet16f> turn(const SinCos<Eigen::internal::Packet16f>& of_r,
                                                            const Eigen::internal::Packet16f& y,
                                                            const Eigen::internal::Packet16f& sign) {
  using Eigen::internal::Packet16f;
  const __m512i n = _mm512_castps_si512(y);
  const __mmask16 odd = _mm512_test_epi32_mask(n, _mm512_set1_epi32(1));
  const int minus = std::numeric_limits<int>::min();  // the bits of -0
  const __m512i sin_sign = _mm512_maskz_permutexvar_epi32(0xffff, n, _mm512_setr4_epi32(0, 0, minus, minus));
  const __m512i cos_sign = _mm512_maskz_permutexvar_epi32(0xffff, n, _mm512_setr4_epi32(0, minus, minus, 0));
  return {flip(flip(Packet16f(_mm512_mask_blend_ps(odd, of_r.sin, of_r.cos)), Packet16f(_mm512_castsi512_ps(sin_sign))),
               sign),
          flip(Packet16f(_mm512_mask_blend_ps(odd, of_r.cos, of_r.sin)), Packet16f(_mm512_castsi512_ps(cos_sign)))};
}
#endif

/// sin and cos lane by lane: sin[0], cos[0], sin[1], …
template <typename P>
EIGEN_ALWAYS_INLINE Twin<P> zip(const SinCos<P>& x) {
#ifdef EIGEN_VECTORIZE_AVX512
  if constexpr (std::is_same_v<P, Eigen::internal::Packet16f>) {
    const __m512i low = _mm512_setr_epi32(0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
    const __m512i high = _mm512_or_si512(low, _mm512_set1_epi32(8));
    return {_mm512_permutex2var_ps(x.sin, low, x.cos), _mm512_permutex2var_ps(x.sin, high, x.cos)};
  } else
#endif
#ifdef EIGEN_VECTORIZE_AVX
      if constexpr (std::is_same_v<P, Eigen::internal::Packet8f>) {
    const __m256 low = _mm256_unpacklo_ps(x.sin, x.cos), high = _mm256_unpackhi_ps(x.sin, x.cos);
    return {_mm256_permute2f128_ps(low, high, 0x20), _mm256_permute2f128_ps(low, high, 0x31)};
  } else
#endif
#ifdef EIGEN_VECTORIZE_SSE
      if constexpr (std::is_same_v<P, Eigen::internal::Packet4f>) {
    return {_mm_unpacklo_ps(x.sin, x.cos), _mm_unpackhi_ps(x.sin, x.cos)};
  } else
#endif
  {
    Lane<P> sin[lanes<P>], cos[lanes<P>], both[2 * lanes<P>];
    store(sin, x.sin);
    store(cos, x.cos);
    for (Index l = 0; l < lanes<P>; ++l) both[2 * l] = sin[l], both[2 * l + 1] = cos[l];
    return load<Twin<P>>(both);
  }
}
template <typename P>
EIGEN_ALWAYS_INLINE Twin<Twin<P>> zip(const SinCos<Twin<P>>& x) {
  return {zip(SinCos<P>{x.sin.a, x.cos.a}), zip(SinCos<P>{x.sin.b, x.cos.b})};
}

// Without FMA a float angle is reduced in double, in a packet Wide<P> of doubles with the lanes of P.

template <typename P>
struct wide {
  using type = P;
};
template <typename P>
using Wide = typename wide<P>::type;

#ifndef PHASOR_HAS_FMA
template <>
struct wide<float> {
  using type = double;
};
EIGEN_ALWAYS_INLINE float narrow(double x) { return static_cast<float>(x); }
/// The low 32 bits of every lane.
EIGEN_ALWAYS_INLINE float low_bits(double x) { return bit_cast<float>(static_cast<std::uint32_t>(bits(x))); }
#ifdef EIGEN_VECTORIZE_SSE
template <>
struct wide<Eigen::internal::Packet4f> {
  using type = Twin<Eigen::internal::Packet2d>;
};
EIGEN_ALWAYS_INLINE Eigen::internal::Packet4f narrow(const Twin<Eigen::internal::Packet2d>& x) {
  return Eigen::internal::pcast<Eigen::internal::Packet2d, Eigen::internal::Packet4f>(x.a, x.b);
}
EIGEN_ALWAYS_INLINE Eigen::internal::Packet4f low_bits(const Twin<Eigen::internal::Packet2d>& x) {
  return _mm_shuffle_ps(_mm_castpd_ps(x.a), _mm_castpd_ps(x.b), _MM_SHUFFLE(2, 0, 2, 0));
}
#endif
#endif

}  // namespace phasor::detail
