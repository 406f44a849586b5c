// phasor: the instruction sets that the kernel is compiled for in this file, and the regions of code that turn each on.
//
// A target is one of the numbers below. The baseline is what the flags of the file allow anyway; targets above it are
// compiled beside it where the compiler can, and chosen when an embedding is made, if the processor has them.
//
// Only this file asks for __AVX2__ and the like: in C++, g++ and clang do not define them anew inside of a region. Code that
// is compiled once for each target asks PHASOR_TARGET.
#pragma once

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#include <phasor needs C++17: compile with -std=c++17 or newer>
#endif

#define PHASOR_VERSION_MAJOR 2
#define PHASOR_VERSION_MINOR 0
#define PHASOR_VERSION_PATCH 0

// To add one: its number (x86 stands last: ">= PHASOR_SSE2" asks for x86, ">= PHASOR_AVX2" for its FMA too); BASELINE, FMA
// and, if it is chosen at run time, CAN_ASK and HIGHEST; in vectors.hpp vector_bytes and mul_add (lookup, as_output, opaque
// and put_streamed work without); in kernels.hpp its header, its region, its line of the choice, its test of the processor
// and its name. Vectors have a fixed size, of most_lanes floats at most.
#define PHASOR_SCALAR 0
#define PHASOR_NEON 1
#define PHASOR_SSE2 2
#define PHASOR_AVX2 3    // AVX2, FMA, F16C
#define PHASOR_AVX512 4  // AVX-512 F, VL, BW, DQ

// Vectors, regions and inlining are the extensions of GCC and Clang. Other compilers get the scalar kernel in standard
// C++, and so does whoever defines PHASOR_STANDARD_CXX.
#if (defined(__GNUC__) || defined(__clang__)) && !defined(PHASOR_STANDARD_CXX)
#define PHASOR_EXTENSIONS 1
#define PHASOR_INLINE_LAMBDA __attribute__((__always_inline__))
#define PHASOR_NOINLINE __attribute__((__noinline__))
#else
#define PHASOR_EXTENSIONS 0
#define PHASOR_INLINE_LAMBDA
#define PHASOR_NOINLINE
#endif
#define PHASOR_INLINE inline PHASOR_INLINE_LAMBDA

#if !PHASOR_EXTENSIONS
#define PHASOR_BASELINE PHASOR_SCALAR
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#define PHASOR_BASELINE PHASOR_NEON
#elif !defined(__SSE2__) || !(defined(__x86_64__) || defined(__i386__))  // wasm emulates SSE2, and defines it
#define PHASOR_BASELINE PHASOR_SCALAR
#elif defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__)
#define PHASOR_BASELINE PHASOR_AVX512
#elif defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#define PHASOR_BASELINE PHASOR_AVX2
#else
#define PHASOR_BASELINE PHASOR_SSE2
#endif

// Whether the compiler can ask which processor it is.
#if PHASOR_EXTENSIONS && defined(__x86_64__) && !defined(_MSC_VER)
#define PHASOR_CAN_ASK 1
#else
#define PHASOR_CAN_ASK 0
#endif

// Define PHASOR_NO_DISPATCH for the baseline alone. MinGW's g++ puts 32-byte vectors on the stack at multiples of 16 (GCC
// bug 54412), and clang-cl does not link what __builtin_cpu_supports asks: both have the baseline alone.
#if PHASOR_CAN_ASK && !defined(PHASOR_NO_DISPATCH) && !(defined(__MINGW32__) && !defined(__clang__))
#define PHASOR_HIGHEST PHASOR_AVX512
#else
#define PHASOR_HIGHEST PHASOR_BASELINE
#endif

// Whether the baseline has a fused multiply-add.
#if PHASOR_BASELINE >= PHASOR_AVX2 || defined(__FMA__) || defined(__ARM_FEATURE_FMA) || defined(__s390x__) || \
    (defined(__riscv_flen) && __riscv_flen >= 64) ||                                                          \
    (defined(__FP_FAST_FMAF) && defined(__FP_FAST_FMA) && !defined(__i386__) && !defined(__x86_64__)) ||      \
    (defined(_MSC_VER) && (defined(__AVX2__) || defined(_M_ARM64)))
#define PHASOR_FMA 1
#else
#define PHASOR_FMA 0
#endif

// Everything in phasor stands in an inline namespace that names the version, what the flags allow and what follows from
// them. Files for which these differ share no function of phasor: of shared ones the linker keeps one, with instructions
// that the other file's processor may not have. (A macro that is not defined stands for itself.)
#define PHASOR_JOIN_EXPANDED(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w) \
  a##b##c##d##e##f##g##h##i##j##k##l##m##n##o##p##q##r##s##t##u##v##w
#define PHASOR_JOIN(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w) \
  PHASOR_JOIN_EXPANDED(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w)
#define PHASOR_NAMESPACE                                                                                                \
  PHASOR_JOIN(phasor_, PHASOR_VERSION_MAJOR, PHASOR_VERSION_MINOR, PHASOR_VERSION_PATCH, _, PHASOR_EXTENSIONS,      \
              PHASOR_BASELINE, PHASOR_HIGHEST, PHASOR_FMA, __cpp_exceptions, _CPPUNWIND, __AVX512VL__, __AVX512F__, \
              __AVX2__, __BMI2__, __BMI__, __AVX__, __SSE4_2__, __SSE4_1__, __SSSE3__, __SSE3__, __ARM_FEATURE_SVE, \
              __ARM_FEATURE_ATOMICS)

// Regions take features, not "arch=": for g++ 12, functions of another arch inline nothing.
#define PHASOR_PRAGMA(x) _Pragma(#x)
#if defined(__clang__)
#define PHASOR_BEGIN_TARGET(isa) PHASOR_PRAGMA(clang attribute push(__attribute__((target(isa))), apply_to = function))
#define PHASOR_END_TARGET _Pragma("clang attribute pop")
#else
#define PHASOR_BEGIN_TARGET(isa) _Pragma("GCC push_options") PHASOR_PRAGMA(GCC target(isa))
#define PHASOR_END_TARGET _Pragma("GCC pop_options")
#endif
