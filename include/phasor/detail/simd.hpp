// phasor: the SIMD words that the kernel is written in.
//
// A vector V is one of Eigen's packets, or float or double itself: a vector of one lane, with the same bits. Packets are
// vectors of GCC and Clang, which know the operators of C++ on them, lane by lane.
#pragma once

#include <Eigen/Core>
#include <array>
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

/// Inlines a lambda.
#define PHASOR_INLINE __attribute__((always_inline))

namespace ei = Eigen::internal;
using Index = Eigen::Index;

/// True where a fused multiply-add is an instruction, for packets and for scalars.
#if defined(EIGEN_VECTORIZE_FMA) || defined(__FMA__) || defined(__ARM_FEATURE_FMA) || \
    (defined(__FP_FAST_FMAF) && !EIGEN_ARCH_i386_OR_x86_64) || __riscv_flen >= 64 || defined(__s390x__)
inline constexpr bool has_fma = true;
#else
inline constexpr bool has_fma = false;
#endif

template <typename V>
using Lane = typename ei::unpacket_traits<V>::type;
template <typename V>
inline constexpr Index lanes = ei::unpacket_traits<V>::size;

/// The vectors of this target.
#if defined(EIGEN_VECTORIZE_SSE) || (defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64 && !defined(__AARCH64EB__))
template <typename Real>
using Packet = typename ei::packet_traits<Real>::type;
#else
template <typename Real>
using Packet = Real;
#endif

#if defined(EIGEN_VECTORIZE_AVX512) || EIGEN_ARCH_ARM64
inline constexpr bool has_32_registers = true;
#else
inline constexpr bool has_32_registers = false;
#endif

/// N numbers of type T, for any N that is a power of two.
template <typename T, Index N>
struct vector_of {
  using type __attribute__((vector_size(N * sizeof(T)))) = T;
};
template <typename T>
struct vector_of<T, 1> {
  using type = T;
};
template <typename T, Index N>
using VectorOf = typename vector_of<T, N>::type;
template <typename V>
using Bits = VectorOf<std::conditional_t<sizeof(Lane<V>) == 4, std::uint32_t, std::uint64_t>, lanes<V>>;

/// The V in memory from x on, and the other way round; neither asks for alignment.
template <typename V, typename X>
EIGEN_ALWAYS_INLINE V get(const X* x) {
  V v;
  std::memcpy(&v, x, sizeof v);
  return v;
}
template <typename X, typename V>
EIGEN_ALWAYS_INLINE void put(X* x, V v) {
  std::memcpy(static_cast<void*>(x), &v, sizeof v);
}

template <typename To, typename From>
EIGEN_ALWAYS_INLINE To bit_cast(From from) {
  static_assert(sizeof(To) == sizeof(From));
  if constexpr (std::is_scalar_v<From> && std::is_scalar_v<To>) {
    return get<To>(&from);
  } else {
    return reinterpret_cast<To>(from);
  }
}
template <typename V>
EIGEN_ALWAYS_INLINE Bits<V> bits(V x) {
  return bit_cast<Bits<V>>(x);
}

/// Each lane of x as one of To.
template <typename To, typename From>
EIGEN_ALWAYS_INLINE To convert(From x) {
  if constexpr (std::is_scalar_v<From>) {
    return static_cast<To>(x);
  } else {
    return __builtin_convertvector(x, To);
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

/// x y + z, rounded once where has_fma. (For Clang, Eigen's pmadd is a line of assembly, which it can neither move nor
/// give a constant in memory: up to a tenth slower.)
template <typename V>
EIGEN_ALWAYS_INLINE V mul_add(const V& x, const V& y, const V& z) {
  if constexpr (!has_fma) {
    return x * y + z;
  } else if constexpr (lanes<V> == 1) {
    return std::fma(x, y, z);
  } else {
#ifdef __clang__
#pragma clang fp contract(on)
    return x * y + z;
#else
    return ei::pmadd(x, y, z);
#endif
  }
}

template <typename V>
struct SinCos {
  V sin, cos;
};

/// table[n mod 16] in each lane; table[i + 8] = -table[i].
template <typename V>
EIGEN_ALWAYS_INLINE V lookup(const Lane<V>* table, Bits<V> n) {
  if constexpr (lanes<V> == 1) {
    return table[n % 16];
#ifdef EIGEN_VECTORIZE_AVX512
  } else if constexpr (lanes<V> == 16) {  // unmasked, g++ 12 warns of its own header
    return _mm512_maskz_permutexvar_ps(0xffff, bit_cast<__m512i>(n), ei::ploadu<V>(table));
  } else if constexpr (sizeof(V) == 64) {
    return _mm512_permutex2var_pd(ei::ploadu<V>(table), bit_cast<__m512i>(n), ei::ploadu<V>(table + 8));
#endif
#ifdef EIGEN_VECTORIZE_AVX2
  } else if constexpr (lanes<V> == 8) {
    return bit_cast<V>(bits<V>(_mm256_permutevar8x32_ps(ei::ploadu<V>(table), bit_cast<__m256i>(n))) ^ (n & 8) << 28);
#endif
#if defined(EIGEN_VECTORIZE_NEON) && EIGEN_ARCH_ARM64
  } else if constexpr (lanes<V> == 4) {
    const auto places = bit_cast<uint8x16_t>(n % 16 * 0x04040404 + 0x03020100);  // of bytes
    return bit_cast<V>(vqtbl4q_u8(vld1q_u8_x4(reinterpret_cast<const std::uint8_t*>(table)), places));
#endif
  } else {
    V x{};
    for (Index l = 0; l < lanes<V>; ++l) x[l] = table[n[l] % 16];
    return x;
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

/// Sine and cosine lane by lane: sin[0], cos[0], sin[1], …, in two vectors.
template <typename V, int... i>
EIGEN_ALWAYS_INLINE std::array<V, 2> zip(const SinCos<V>& x, std::integer_sequence<int, i...>) {
  constexpr int n = lanes<V>;
  if constexpr (n == 1) {
    return {x.sin, x.cos};
  } else {
    return {shuffled<(i / 2 + i % 2 * n)...>(x.sin, x.cos), shuffled<((i + n) / 2 + i % 2 * n)...>(x.sin, x.cos)};
  }
}

/// x rounded to the 16 bits of Half, in the low half of each integer. Holds for |x| <= 1, and for a NaN of which
/// only the high bits are set.
template <typename Half, typename V>
EIGEN_ALWAYS_INLINE Bits<V> rounded(const V& x) {
  const Bits<V> u = bits(x);
  if constexpr (std::is_same_v<Half, Eigen::bfloat16>) {
    return (u + 0x7fff + (u >> 16 & 1)) >> 16;
  } else {  // |x| + 2^13 times its power of two, or 2^-14 if that is more, has the last bit that half has
    const Bits<V> magnitude = u & 0x7fffffff, nan = (u & 0) + 0x7e00;
    const Bits<V> power = bits(ei::pmax(bit_cast<V>(magnitude & 0x7f800000), ei::pset1<V>(0x1p-14f)));
    const Bits<V> addend = power + (13 << 23), sum = bits<V>(bit_cast<V>(magnitude) + bit_cast<V>(addend));
    const Bits<V> finite = (power >> 13) + (sum - addend) - (113 << 10);
    return (u >> 16 & 0x8000) | (magnitude > 0x7f800000 ? nan : finite);
  }
}

/// x as that many Scalars, rounded.
template <typename Scalar, typename V>
EIGEN_ALWAYS_INLINE auto to_scalars(const V& x) {
  if constexpr (std::is_same_v<Lane<V>, Scalar>) {
    return x;
#if defined(__F16C__) && defined(EIGEN_VECTORIZE_AVX)
  } else if constexpr (std::is_same_v<Scalar, Eigen::half> && lanes<V> == 8) {
    return _mm256_cvtps_ph(x, _MM_FROUND_TO_NEAREST_INT);
#endif
#ifdef EIGEN_VECTORIZE_AVX512
  } else if constexpr (std::is_same_v<Scalar, Eigen::half> && lanes<V> == 16) {
    return _mm512_maskz_cvtps_ph(0xffff, x, _MM_FROUND_TO_NEAREST_INT);
#ifdef __AVX512BF16__
  } else if constexpr (std::is_same_v<Scalar, Eigen::bfloat16> && lanes<V> == 16) {
    return _mm512_cvtneps_pbh(x);
#endif
#endif
  } else {
    return convert<VectorOf<std::uint16_t, lanes<V>>>(rounded<Scalar>(x));
  }
}

/// Whether stores can go past the caches ("streamed"), at multiples of the size of a packet.
#ifdef EIGEN_VECTORIZE_SSE
inline constexpr bool can_stream = true;
#else
inline constexpr bool can_stream = false;
#endif

template <typename Values>
EIGEN_ALWAYS_INLINE void stream(void* to, const Values& values) {
#ifdef EIGEN_VECTORIZE_AVX512
  if constexpr (sizeof values == 64) return _mm512_stream_si512(static_cast<__m512i*>(to), get<__m512i>(&values));
#endif
#ifdef EIGEN_VECTORIZE_AVX
  if constexpr (sizeof values == 32) return _mm256_stream_si256(static_cast<__m256i*>(to), get<__m256i>(&values));
#endif
#ifdef EIGEN_VECTORIZE_SSE
  if constexpr (sizeof values == 16) return _mm_stream_si128(static_cast<__m128i*>(to), get<__m128i>(&values));
#endif
  put(to, values);
}

/// Writes x to to[0], to[1], …, rounded to Scalar; past the caches if `streams`.
template <bool streams, typename Scalar, typename V>
EIGEN_ALWAYS_INLINE void store(Scalar* to, const V& x) {
  streams ? stream(to, to_scalars<Scalar>(x)) : put(to, to_scalars<Scalar>(x));
}

/// Makes streamed stores visible to other threads before later stores.
inline void stream_fence() {
#ifdef EIGEN_VECTORIZE_SSE
  _mm_sfence();
#endif
}

}  // namespace phasor::detail
