// phasor: the instruction sets that the kernel is compiled for in this file, and the regions of code that turn each on.
//
// A target is one of the numbers below. The baseline is what the flags of the file allow anyway; targets above it are
// compiled beside it where the compiler can, and chosen when an embedding is made, if the processor has them.
//
// Only this file and namespace.hpp ask for __AVX2__ and the like (and checks.hpp, of the baseline): in C++, g++ and
// clang do not define them anew inside of a region. Code that is compiled once for each target asks PHASOR_TARGET.
#pragma once

#if __cplusplus < 201703L && (!defined(_MSVC_LANG) || _MSVC_LANG < 201703L)
#include <phasor needs C++17: compile with -std=c++17 or newer>
#endif

#define PHASOR_VERSION_MAJOR 3
#define PHASOR_VERSION_MINOR 0
#define PHASOR_VERSION_PATCH 0

// To add one:
//   here           its number and its name at that place (x86 stands last: ">= PHASOR_SSE2" asks for x86, ">=
//                  PHASOR_AVX2" for FMA too), when it is the baseline, and PHASOR_FMA if that fuses
//   namespace.hpp  of another processor: what tells its files apart
//   vectors.hpp    vector_bytes, unless 16 (at most those of max_lanes floats); mul_add, if it fuses, for g++; and, if
//                  faster than what is there, registers in opaque, lookup, as_output (kernels.hpp includes their
//                  header), and put_streamed with can_stream and fence of kernels.hpp
// and if it is chosen at run time, by processors that also run all numbers below it down to the baseline:
//   here           PHASOR_HIGHEST and its features
//   kernels.hpp    its region, its test of the processor in best_target, its line in chosen_kernel
//   blocks.hpp     fitting, if its vectors are wider
// Look for "== PHASOR_AVX512" too, if it stands behind that.
#define PHASOR_SCALAR 0
#define PHASOR_NEON 1
#define PHASOR_SIMD128 2  // wasm
#define PHASOR_SSE2 3
#define PHASOR_AVX2 4    // AVX2, FMA, F16C
#define PHASOR_AVX512 5  // AVX-512 F, VL, BW, DQ
#define PHASOR_TARGET_NAMES "scalar", "NEON", "SIMD128", "SSE2", "AVX2", "AVX-512"

// Vectors, regions and inlining are the extensions of GCC and Clang. Other compilers get the scalar kernel in standard
// C++, and so do those that only pose as GCC (EDG: nvcc, nvc++, IntelliSense), and whoever defines PHASOR_STANDARD_CXX.
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__EDG__) && !defined(PHASOR_STANDARD_CXX)
#define PHASOR_EXTENSIONS 1
#define PHASOR_INLINE_LAMBDA __attribute__((__always_inline__))
#define PHASOR_NOINLINE __attribute__((__noinline__))
#define PHASOR_NORETURN __attribute__((__noreturn__))
#define PHASOR_RARELY(x) __builtin_expect(x, false)
#else
#define PHASOR_EXTENSIONS 0
#define PHASOR_INLINE_LAMBDA
#define PHASOR_NOINLINE
#define PHASOR_NORETURN [[noreturn]]
#define PHASOR_RARELY(x) (x)
#endif
#define PHASOR_INLINE inline PHASOR_INLINE_LAMBDA

// Whether floating-point numbers are computed as they are written: no sum is taken apart, no product contracted into a
// sum (which takes an instruction for it), no result kept with more digits. (Of Clang's options for that, its macros
// tell -ffast-math alone: a region of kernels.hpp turns the others off.)
#if defined(_MSC_VER) && !defined(__clang__)
#define PHASOR_AS_WRITTEN (_MSC_VER >= 1930 && !_M_FP_FAST && !_M_FP_CONTRACT)
#elif defined(__FAST_MATH__) || defined(__ASSOCIATIVE_MATH__) || defined(__FMA__) || defined(__FMA4__) || \
    defined(__FP_FAST_FMA) || defined(__FP_FAST_FMAF) || !defined(__FLT_EVAL_METHOD__) ||                 \
    (defined(__clang__) && !defined(__x86_64__))
#define PHASOR_AS_WRITTEN 0
#else
#define PHASOR_AS_WRITTEN (__FLT_EVAL_METHOD__ == 0)
#endif

// GCC 14 and 15 and Clang 18 to 21 also have AVX-512 without its 512 bits: -mno-evex512, -mavx10.1-256.
#if defined(__AVX512F__) && !defined(__EVEX512__) && \
    (defined(__clang__) ? __clang_major__ >= 18 && __clang_major__ <= 21 : __GNUC__ >= 14 && __GNUC__ <= 15)
#define PHASOR_NO_512 1
#else
#define PHASOR_NO_512 0
#endif

#if !PHASOR_EXTENSIONS
#define PHASOR_BASELINE PHASOR_SCALAR
#elif defined(__aarch64__) && !defined(__AARCH64EB__)
#define PHASOR_BASELINE PHASOR_NEON
#elif defined(__wasm_simd128__)
#define PHASOR_BASELINE PHASOR_SIMD128
#elif !defined(__SSE2__) || !(defined(__x86_64__) || defined(__i386__))  // wasm emulates SSE2, and defines it
#define PHASOR_BASELINE PHASOR_SCALAR
#elif defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && !PHASOR_NO_512
#define PHASOR_BASELINE PHASOR_AVX512
#elif defined(__AVX2__) && defined(__FMA__) && defined(__F16C__)
#define PHASOR_BASELINE PHASOR_AVX2
#else
#define PHASOR_BASELINE PHASOR_SSE2
#endif

// The highest target: above the baseline where a program can ask which processor it runs on. Define PHASOR_NO_DISPATCH
// for the baseline alone. MinGW's g++ puts 32-byte vectors on the stack at multiples of 16 (GCC bug 54412), and
// clang-cl does not link what __builtin_cpu_supports asks: both have the baseline alone.
#if !PHASOR_EXTENSIONS || !defined(__x86_64__) || defined(_MSC_VER) || defined(PHASOR_NO_DISPATCH) || \
    (defined(__MINGW32__) && !defined(__clang__))
#define PHASOR_HIGHEST PHASOR_BASELINE
#elif PHASOR_NO_512
#define PHASOR_HIGHEST PHASOR_AVX2
#else
#define PHASOR_HIGHEST PHASOR_AVX512
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

#if defined(__cpp_exceptions) || defined(_CPPUNWIND)
#define PHASOR_EXCEPTIONS 1
#else
#define PHASOR_EXCEPTIONS 0
#endif

// The features of the targets above the baseline. (Not "arch=": for g++ 12, functions of another arch inline nothing.)
#define PHASOR_AVX2_FEATURES "avx2,fma,f16c"
#if defined(__clang__) && __clang_major__ >= 18 && __clang_major__ <= 21
#define PHASOR_AVX512_FEATURES "avx2,fma,f16c,avx512f,avx512vl,avx512bw,avx512dq,evex512"
#else
#define PHASOR_AVX512_FEATURES "avx2,fma,f16c,avx512f,avx512vl,avx512bw,avx512dq"
#endif

#define PHASOR_PRAGMA(x) _Pragma(#x)
#if defined(__clang__)
#define PHASOR_BEGIN_TARGET(features) \
  PHASOR_PRAGMA(clang attribute push(__attribute__((target(features))), apply_to = function))
#define PHASOR_END_TARGET _Pragma("clang attribute pop")
#else
#define PHASOR_BEGIN_TARGET(features) _Pragma("GCC push_options") PHASOR_PRAGMA(GCC target(features))
#define PHASOR_END_TARGET _Pragma("GCC pop_options")
#endif

#include <phasor/detail/namespace.hpp>
