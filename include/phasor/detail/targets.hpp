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

#define PHASOR_VERSION_MAJOR 3
#define PHASOR_VERSION_MINOR 0
#define PHASOR_VERSION_PATCH 0

// To add one: its number (x86 stands last: ">= PHASOR_SSE2" asks for x86, ">= PHASOR_AVX2" for its FMA too); BASELINE, FMA
// and, if it is chosen at run time, CAN_ASK, HIGHEST and its FEATURES; in vectors.hpp vector_bytes and mul_add (lookup,
// as_output, opaque and put_streamed work without); in kernels.hpp its header, its region, its line of the choice, its test
// of the processor and its name. Vectors have a fixed size, of most_lanes floats at most.
#define PHASOR_SCALAR 0
#define PHASOR_NEON 1
#define PHASOR_SSE2 2
#define PHASOR_AVX2 3    // AVX2, FMA, F16C
#define PHASOR_AVX512 4  // AVX-512 F, VL, BW, DQ

// Vectors, regions and inlining are the extensions of GCC and Clang. Other compilers get the scalar kernel in standard
// C++, and so do those that only pose as GCC (EDG: nvcc, nvc++, IntelliSense), and whoever defines PHASOR_STANDARD_CXX.
#if (defined(__GNUC__) || defined(__clang__)) && !defined(__EDG__) && !defined(PHASOR_STANDARD_CXX)
#define PHASOR_EXTENSIONS 1
#define PHASOR_INLINE_LAMBDA __attribute__((__always_inline__))
#define PHASOR_NOINLINE __attribute__((__noinline__))
#else
#define PHASOR_EXTENSIONS 0
#define PHASOR_INLINE_LAMBDA
#define PHASOR_NOINLINE
#endif
#define PHASOR_INLINE inline PHASOR_INLINE_LAMBDA

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
#elif !defined(__SSE2__) || !(defined(__x86_64__) || defined(__i386__))  // wasm emulates SSE2, and defines it
#define PHASOR_BASELINE PHASOR_SCALAR
#elif defined(__AVX512F__) && defined(__AVX512VL__) && defined(__AVX512BW__) && defined(__AVX512DQ__) && !PHASOR_NO_512
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
#if !PHASOR_CAN_ASK || defined(PHASOR_NO_DISPATCH) || (defined(__MINGW32__) && !defined(__clang__))
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

// Outputs of at least this many bytes are written past the caches: see buffer_embedding.hpp. Digits alone, since they become
// part of a name.
#ifdef PHASOR_STREAM_BYTES
#define PHASOR_STREAM_TAG PHASOR_JOIN(_, PHASOR_STREAM_BYTES, , )
#else
#define PHASOR_STREAM_TAG
#define PHASOR_STREAM_BYTES 16777216
#endif

// A word of the user's, for what no macro below tells: flags that it does not list, or settings of another library.
#ifndef PHASOR_TAG
#define PHASOR_TAG
#endif

// Everything in phasor stands in the inline namespace PHASOR_NAMESPACE, such as v3_0_0_24a_f0000000: the version, what was
// settled above, and one bit for each macro below, by which compilers say what they may emit. Files for which it differs
// share no function of phasor: of shared ones the linker keeps one, with instructions that the other file's processor may
// not have.
#define PHASOR_NAMESPACE                                                                      \
  PHASOR_JOIN(PHASOR_JOIN(v, PHASOR_VERSION_MAJOR, _, PHASOR_VERSION_MINOR),                  \
              PHASOR_JOIN(_, PHASOR_VERSION_PATCH, PHASOR_TAG, PHASOR_STREAM_TAG),            \
              PHASOR_JOIN(_, PHASOR_BASELINE, PHASOR_HIGHEST,                                 \
                          PHASOR_DIGIT(PHASOR_EXTENSIONS, PHASOR_FMA, PHASOR_EXCEPTIONS, 0)), \
              PHASOR_JOIN(_, PHASOR_MAY_EMIT, , ))
#define PHASOR_JOIN(a, b, c, d) PHASOR_JOIN_EXPANDED(a, b, c, d)
#define PHASOR_JOIN_EXPANDED(a, b, c, d) a##b##c##d

// 1 for a macro whose value is 1 (of extensions of RISC-V, a version), and 0 for others.
#define PHASOR_BIT(x) PHASOR_BIT_EXPANDED(x)
#define PHASOR_BIT_EXPANDED(x) PHASOR_BIT_CHOSEN(PHASOR_VALUE_##x)
#define PHASOR_BIT_CHOSEN(x) PHASOR_SECOND_OF(x 1, 0, 0)
#define PHASOR_SECOND_OF(x, y, ...) y
#define PHASOR_VALUE_1 0,
#define PHASOR_VALUE_1000000 0,

// Four bits as a hexadecimal digit, and sixteen as four.
#define PHASOR_DIGIT(a, b, c, d) \
  PHASOR_JOIN(PHASOR_JOIN(PHASOR_DIGIT_, PHASOR_BIT(a), PHASOR_BIT(b), ), PHASOR_BIT(c), PHASOR_BIT(d), )
#define PHASOR_DIGITS(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) \
  PHASOR_JOIN(PHASOR_DIGIT(a, b, c, d), PHASOR_DIGIT(e, f, g, h), PHASOR_DIGIT(i, j, k, l), PHASOR_DIGIT(m, n, o, p))
#define PHASOR_DIGIT_0000 0
#define PHASOR_DIGIT_0001 1
#define PHASOR_DIGIT_0010 2
#define PHASOR_DIGIT_0011 3
#define PHASOR_DIGIT_0100 4
#define PHASOR_DIGIT_0101 5
#define PHASOR_DIGIT_0110 6
#define PHASOR_DIGIT_0111 7
#define PHASOR_DIGIT_1000 8
#define PHASOR_DIGIT_1001 9
#define PHASOR_DIGIT_1010 a
#define PHASOR_DIGIT_1011 b
#define PHASOR_DIGIT_1100 c
#define PHASOR_DIGIT_1101 d
#define PHASOR_DIGIT_1110 e
#define PHASOR_DIGIT_1111 f

#if defined(__x86_64__) || defined(__i386__) || defined(_M_X64) || defined(_M_IX86)
#define PHASOR_MAY_EMIT                                                                                            \
  PHASOR_JOIN(PHASOR_DIGITS(__SSE__, __SSE2__, __SSE3__, __SSSE3__, __SSE4_1__, __SSE4_2__, __SSE4A__, __POPCNT__, \
                            __LZCNT__, __BMI__, __BMI2__, __TBM__, __MOVBE__, __ADX__, __LAHF_SAHF__, __PRFCHW__), \
              PHASOR_DIGITS(__AES__, __PCLMUL__, __SHA__, __GFNI__, __3dNOW__, __LWP__, __VAES__, __VPCLMULQDQ__,  \
                            __APX_F__, __EGPR__, __NDD__, __NF__, __CCMP__, __PPX__, __PUSH2POP2__, __ZU__),       \
              PHASOR_MAY_EMIT_AVX, )
#ifdef __AVX__
#define PHASOR_MAY_EMIT_AVX                                                                                          \
  PHASOR_JOIN(PHASOR_DIGITS(__F16C__, __FMA__, __AVX2__, __FMA4__, __XOP__, __AVXVNNI__, __AVXIFMA__,                \
                            __AVXNECONVERT__, __AVXVNNIINT8__, __AVXVNNIINT16__, __SHA512__, __SM3__, __AVX512F__,   \
                            __EVEX512__, __AVX512ER__, __AVX512PF__),                                                \
              PHASOR_DIGITS(__AVX512CD__, __AVX512BW__, __AVX512DQ__, __AVX512VL__, __AVX512VBMI__, __AVX512VBMI2__, \
                            __AVX512IFMA__, __AVX512VNNI__, __AVX512BITALG__, __AVX512VPOPCNTDQ__, __AVX512BF16__,   \
                            __AVX512FP16__, __AVX512VP2INTERSECT__, __AVX10_1__, __AVX10_1_512__, __AVX10_2__),      \
              , )
#else
#define PHASOR_MAY_EMIT_AVX
#endif
#elif defined(__aarch64__) || defined(__arm__)
#define PHASOR_MAY_EMIT                                                                                             \
  PHASOR_JOIN(                                                                                                      \
      PHASOR_DIGITS(__ARM_NEON, __ARM_FEATURE_FMA, __ARM_FEATURE_IDIV, __ARM_FEATURE_CRC32, __ARM_FEATURE_ATOMICS,  \
                    __ARM_FEATURE_QRDMX, __ARM_FEATURE_RCPC, __ARM_FEATURE_JCVT, __ARM_FEATURE_COMPLEX,             \
                    __ARM_FEATURE_FRINT, __ARM_FEATURE_DOTPROD, __ARM_FEATURE_MATMUL_INT8, __ARM_FEATURE_MOPS,      \
                    __ARM_FEATURE_CSSC, __ARM_FEATURE_PAUTH, __ARM_FEATURE_SME),                                    \
      PHASOR_DIGITS(__ARM_FEATURE_FP16_SCALAR_ARITHMETIC, __ARM_FEATURE_FP16_VECTOR_ARITHMETIC,                     \
                    __ARM_FEATURE_FP16_FML, __ARM_FEATURE_BF16, __ARM_FEATURE_SVE, __ARM_FEATURE_SVE2,              \
                    __ARM_FEATURE_SVE2p1, __ARM_FEATURE_SVE_BF16, __ARM_FEATURE_SVE_MATMUL_INT8, __ARM_FEATURE_AES, \
                    __ARM_FEATURE_SHA2, __ARM_FEATURE_SHA3, __ARM_FEATURE_SM4, __ARM_FEATURE_CRYPTO,                \
                    __ARM_FEATURE_LS64, __ARM_FEATURE_MEMORY_TAGGING),                                              \
      _, __ARM_ARCH)
#elif defined(__riscv)
#define PHASOR_MAY_EMIT                                                                                         \
  PHASOR_DIGITS(__riscv_muldiv, __riscv_atomic, __riscv_fdiv, __riscv_compressed, __riscv_zba, __riscv_zbb,     \
                __riscv_zbs, __riscv_zbc, __riscv_zicond, __riscv_zfa, __riscv_zfh, __riscv_zcb, __riscv_zacas, \
                __riscv_vector, __riscv_zvfh, __riscv_zvbb)
#elif defined(__powerpc__)
#define PHASOR_MAY_EMIT                                                                                                \
  PHASOR_DIGITS(__ALTIVEC__, __VSX__, _ARCH_PWR5, _ARCH_PWR6, _ARCH_PWR7, _ARCH_PWR8, _ARCH_PWR9, _ARCH_PWR10,         \
                _ARCH_PWR11, __POWER8_VECTOR__, __POWER9_VECTOR__, __POWER10_VECTOR__, __MMA__, __PCREL__, __CRYPTO__, \
                __FLOAT128_HARDWARE__)
#elif defined(__s390x__)
#define PHASOR_MAY_EMIT PHASOR_JOIN(PHASOR_DIGIT(__VX__, __VEC__, __HTM__, 0), _, __ARCH__, )
#elif defined(__wasm__)
#define PHASOR_MAY_EMIT                                                                                        \
  PHASOR_DIGITS(__wasm_simd128__, __wasm_relaxed_simd__, __wasm_bulk_memory__, __wasm_sign_ext__,              \
                __wasm_nontrapping_fptoint__, __wasm_atomics__, __wasm_multivalue__, __wasm_reference_types__, \
                __wasm_tail_call__, __wasm_exception_handling__, __wasm_extended_const__, __wasm_fp16__,       \
                __wasm_wide_arithmetic__, __wasm_mutable_globals__, __wasm_gc__, __wasm_multimemory__)
#elif defined(__loongarch__)
#define PHASOR_MAY_EMIT                                                                              \
  PHASOR_JOIN(PHASOR_DIGIT(__loongarch_sx, __loongarch_asx, __loongarch_frecipe, __loongarch_div32), \
              PHASOR_DIGIT(__loongarch_lam_bh, __loongarch_lamcas, __loongarch_ld_seq_sa, __loongarch_scq), , )
#else
#define PHASOR_MAY_EMIT
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
