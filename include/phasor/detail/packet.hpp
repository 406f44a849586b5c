// phasor: the SIMD words that the kernel is written in, over Eigen's packets.
//
// A packet type P is one of Eigen's, or float or double itself where there is none: the scalar overloads here make it
// a packet of one lane, with the same bits.
#pragma once

#include <Eigen/Core>

#include <cmath>
#include <cstdint>
#include <cstring>
#include <type_traits>

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

template <typename P>
using Lane = typename Eigen::internal::unpacket_traits<P>::type;

template <typename P>
inline constexpr Index lanes = Eigen::internal::unpacket_traits<P>::size;

using Eigen::internal::padd;
using Eigen::internal::ploadu;
using Eigen::internal::pmul;
using Eigen::internal::pset1;
using Eigen::internal::pstoreu;
using Eigen::internal::psub;

/// x, in a form that the optimizer cannot see through: -ffast-math would fold (x + magic) - magic to x.
template <typename P>
EIGEN_STRONG_INLINE P opaque(P x) {
#if defined(__GNUC__) && EIGEN_ARCH_i386_OR_x86_64
  asm("" : "+x"(x));
#elif defined(__GNUC__) && EIGEN_ARCH_ARM64
  asm("" : "+w"(x));
#elif defined(__GNUC__)
  asm("" : "+m"(x));
#endif
  return x;
}

/// a b + c, rounded once where has_fma.
template <typename P>
EIGEN_STRONG_INLINE P mul_add(const P& a, const P& b, const P& c) {
  if constexpr (!has_fma) {
    return padd(pmul(a, b), c);
  } else if constexpr (std::is_floating_point_v<P>) {
    return std::fma(a, b, c);
  } else {
    return Eigen::internal::pmadd(a, b, c);
  }
}

template <typename To, typename From>
EIGEN_STRONG_INLINE To bit_cast(const From& from) {
  static_assert(sizeof(To) == sizeof(From));
  To to;
  std::memcpy(&to, &from, sizeof to);
  return to;
}
inline std::uint32_t bits(float x) { return bit_cast<std::uint32_t>(x); }
inline std::uint64_t bits(double x) { return bit_cast<std::uint64_t>(x); }

// Without FMA a float angle is reduced in double: Wide<P> is a packet of doubles with the lanes of P.

template <typename P>
struct wide {
  using type = P;
};
#ifndef PHASOR_HAS_FMA
template <>
struct wide<float> {
  using type = double;
};
EIGEN_STRONG_INLINE float narrow(double x) { return static_cast<float>(x); }
EIGEN_STRONG_INLINE float low_bits(double x) { return bit_cast<float>(static_cast<std::uint32_t>(bits(x))); }
#ifdef EIGEN_VECTORIZE_SSE
struct FourDoubles {
  Eigen::internal::Packet2d a, b;
};
template <>
struct wide<Eigen::internal::Packet4f> {
  using type = FourDoubles;
};
EIGEN_STRONG_INLINE FourDoubles padd(const FourDoubles& x, const FourDoubles& y) {
  return {padd(x.a, y.a), padd(x.b, y.b)};
}
EIGEN_STRONG_INLINE FourDoubles psub(const FourDoubles& x, const FourDoubles& y) {
  return {psub(x.a, y.a), psub(x.b, y.b)};
}
EIGEN_STRONG_INLINE FourDoubles pmul(const FourDoubles& x, const FourDoubles& y) {
  return {pmul(x.a, y.a), pmul(x.b, y.b)};
}
EIGEN_STRONG_INLINE FourDoubles opaque(const FourDoubles& x) { return {opaque(x.a), opaque(x.b)}; }
EIGEN_STRONG_INLINE Eigen::internal::Packet4f narrow(const FourDoubles& x) {
  return Eigen::internal::pcast<Eigen::internal::Packet2d, Eigen::internal::Packet4f>(x.a, x.b);
}
EIGEN_STRONG_INLINE Eigen::internal::Packet4f low_bits(const FourDoubles& x) {
  return _mm_shuffle_ps(_mm_castpd_ps(x.a), _mm_castpd_ps(x.b), _MM_SHUFFLE(2, 0, 2, 0));
}
#endif
#endif
template <typename P>
using Wide = typename wide<P>::type;
template <typename Real>
using WideReal = std::conditional_t<has_fma, Real, double>;

/// The packet of x[0], x[1], …
template <typename W, typename T>
EIGEN_STRONG_INLINE W load(const T* x) {
  if constexpr (sizeof(W) == sizeof(T) * lanes<W>) {
    return ploadu<W>(x);
  } else {
    return {load<decltype(W::a)>(x), load<decltype(W::b)>(x + 2)};
  }
}

/// The packet of x in every lane.
template <typename W, typename T>
EIGEN_STRONG_INLINE W broadcast(T x) {
  if constexpr (sizeof(W) == sizeof(T) * lanes<W>) {
    return pset1<W>(x);
  } else {
    return {pset1<decltype(W::a)>(x), pset1<decltype(W::b)>(x)};
  }
}

/// x, its sign flipped in the lanes where `sign` is -0 (not where it is +0).
template <typename P>
EIGEN_STRONG_INLINE P flip(const P& x, const P& sign) {
  if constexpr (std::is_floating_point_v<P>) {
    return bit_cast<P>(bits(x) ^ bits(sign));
  } else {
    return Eigen::internal::pxor(x, sign);
  }
}

template <typename P>
struct Pair {
  P sin, cos;
};

/// The sine and cosine of n quarter turns and r more, from those of r: they change places where n is odd, and change
/// sign as n mod 4 says. n is the low two bits of y; the sine also takes `sign`.
template <typename P>
EIGEN_STRONG_INLINE Pair<P> turn(const Pair<P>& of_r, const P& y, const P& sign) {
  namespace ei = Eigen::internal;
  if constexpr (std::is_floating_point_v<P>) {
    const auto n = bits(y) & 3;
    using Bits = decltype(bits(y));
    const int top = 8 * sizeof(P) - 2;
    return {flip(bit_cast<P>(bits(n & 1 ? of_r.cos : of_r.sin) ^ Bits(n & 2) << top), sign),
            bit_cast<P>(bits(n & 1 ? of_r.sin : of_r.cos) ^ Bits((n + 1) & 2) << top)};
  } else if constexpr (std::is_same_v<Lane<P>, double>) {  // Eigen 3.4 has no 64-bit integer packets
    const P one = pset1<P>(1.), bit0 = pset1<P>(bit_cast<double>(std::uint64_t(1))),
            bit1 = pset1<P>(bit_cast<double>(std::uint64_t(2))), minus = pset1<P>(-0.);
    const P even = ei::pcmp_eq(ei::por(ei::pand(y, bit0), one), one);
    const P front = ei::pcmp_eq(ei::por(ei::pand(y, bit1), one), one);
    return {flip(flip(ei::pselect(even, of_r.sin, of_r.cos), ei::pandnot(minus, front)), sign),
            flip(ei::pselect(even, of_r.cos, of_r.sin), ei::pand(minus, ei::pxor(even, front)))};
  } else {
    using I = typename ei::unpacket_traits<P>::integer_packet;
    const I n = ei::preinterpret<I>(y);
    const P odd = ei::preinterpret<P>(ei::parithmetic_shift_right<31>(ei::plogical_shift_left<31>(n)));
    const P back = ei::preinterpret<P>(ei::plogical_shift_left<30>(n)), minus = pset1<P>(-0.f);
    return {flip(flip(ei::pselect(odd, of_r.cos, of_r.sin), ei::pand(back, minus)), sign),
            flip(ei::pselect(odd, of_r.sin, of_r.cos), ei::pand(ei::pxor(back, odd), minus))};
  }
}

#ifdef EIGEN_VECTORIZE_AVX512
/// The same in a quarter fewer instructions: the signs are looked up, y mod 16 the index.
EIGEN_STRONG_INLINE Pair<Eigen::internal::Packet16f> turn(const Pair<Eigen::internal::Packet16f>& of_r,
                                                          const Eigen::internal::Packet16f& y,
                                                          const Eigen::internal::Packet16f& sign) {
  using Eigen::internal::Packet16f;
  const __m512i n = _mm512_castps_si512(y);
  const __mmask16 odd = _mm512_test_epi32_mask(n, _mm512_set1_epi32(1));
  const Packet16f sin_sign = _mm512_permutexvar_ps(n, _mm512_setr4_ps(0.f, 0.f, -0.f, -0.f));
  const Packet16f cos_sign = _mm512_permutexvar_ps(n, _mm512_setr4_ps(0.f, -0.f, -0.f, 0.f));
  return {flip(flip(Packet16f(_mm512_mask_blend_ps(odd, of_r.sin, of_r.cos)), sin_sign), sign),
          flip(Packet16f(_mm512_mask_blend_ps(odd, of_r.cos, of_r.sin)), cos_sign)};
}
#endif

}  // namespace phasor::detail
