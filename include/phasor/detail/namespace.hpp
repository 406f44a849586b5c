// phasor: the name of the namespace that everything stands in. Included by targets.hpp, at its end.
#pragma once

// A word of the user's, for what no macro below tells: flags that it does not list, or settings of another library.
#ifndef PHASOR_TAG
#define PHASOR_TAG
#endif

// Everything in phasor stands in the inline namespace PHASOR_NAMESPACE, such as v3_0_0_35a_c0000000: the version, what
// was settled above, and one bit for each macro below, by which compilers say what they may emit. Files for which it
// differs share no function of phasor: of shared ones the linker keeps one, with instructions that the other file's
// processor may not have.
#define PHASOR_NAMESPACE                                                                      \
  PHASOR_JOIN(PHASOR_JOIN(v, PHASOR_VERSION_MAJOR, _, PHASOR_VERSION_MINOR),                  \
              PHASOR_JOIN(_, PHASOR_VERSION_PATCH, PHASOR_TAG, ),                             \
              PHASOR_JOIN(_, PHASOR_BASELINE, PHASOR_HIGHEST,                                 \
                          PHASOR_DIGIT(PHASOR_EXTENSIONS, PHASOR_FMA, PHASOR_EXCEPTIONS, 0)), \
              PHASOR_JOIN(_, PHASOR_MAY_EMIT, , ))
#define PHASOR_JOIN(a, b, c, d) PHASOR_JOIN_EXPANDED(a, b, c, d)
#define PHASOR_JOIN_EXPANDED(a, b, c, d) a##b##c##d

// 1 for a macro whose value is 1 (of extensions of RISC-V, a version), and 0 for others.
#define PHASOR_BIT(x) PHASOR_BIT_EXPANDED(x)
#define PHASOR_BIT_EXPANDED(x) PHASOR_BIT_CHOSEN(PHASOR_VALUE_##x)
// NOLINTNEXTLINE(bugprone-macro-parentheses): x may end in a comma
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
