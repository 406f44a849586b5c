// phasor: the kernel, once for each target of this file, and the choice among them.
#pragma once

#include <atomic>
#include <cmath>
#include <phasor/detail/exact.hpp>
#include <utility>

#if PHASOR_BASELINE == PHASOR_NEON
#include <arm_neon.h>
#endif

namespace phasor { inline namespace PHASOR_NAMESPACE {
namespace detail {

enum class Binary16 : std::uint16_t {};
enum class Bfloat16 : std::uint16_t {};

/// Whether a target of this file streams.
inline constexpr bool can_stream = PHASOR_BASELINE >= PHASOR_SSE2;

/// Makes streamed stores visible to other threads before later stores.
inline void fence() {
#if PHASOR_BASELINE >= PHASOR_SSE2
  __builtin_ia32_sfence();
#endif
}

#if defined(__clang__) && !PHASOR_EXTENSIONS
#pragma float_control(push)
#pragma clang fp reassociate(off) contract(off)
#endif
namespace baseline {
#define PHASOR_TARGET PHASOR_BASELINE
#include <phasor/detail/loops.hpp>
#undef PHASOR_TARGET
}  // namespace baseline
#if defined(__clang__) && !PHASOR_EXTENSIONS
#pragma float_control(pop)
#endif

#if PHASOR_BASELINE < PHASOR_AVX2 && PHASOR_HIGHEST >= PHASOR_AVX2
PHASOR_BEGIN_TARGET(PHASOR_AVX2_FEATURES)
namespace avx2 {
#define PHASOR_TARGET PHASOR_AVX2
#include <phasor/detail/loops.hpp>
#undef PHASOR_TARGET
}  // namespace avx2
PHASOR_END_TARGET
#endif

#if PHASOR_BASELINE < PHASOR_AVX512 && PHASOR_HIGHEST >= PHASOR_AVX512
PHASOR_BEGIN_TARGET(PHASOR_AVX512_FEATURES)
namespace avx512 {
#define PHASOR_TARGET PHASOR_AVX512
#include <phasor/detail/loops.hpp>
#undef PHASOR_TARGET
}  // namespace avx512
PHASOR_END_TARGET
#endif

/// The highest target that this processor and its system run. AVX-512 from Ice Lake and Zen 4 on, which have VBMI2:
/// before, work on 512 bits lowers the clock. (What has AVX2 has F16C, which clang 14 cannot ask for.)
inline int best_target() {
#if PHASOR_HIGHEST > PHASOR_BASELINE
  __builtin_cpu_init();  // before constructors of priority 101 have run
  if (PHASOR_HIGHEST >= PHASOR_AVX512 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vbmi2"))
    return PHASOR_AVX512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return PHASOR_AVX2;
#endif
  return PHASOR_BASELINE;
}

/// The target of embeddings that are made from now on: tests try each up to the best. One below the baseline selects
/// the baseline.
inline std::atomic<int>& chosen_target() {
  static std::atomic<int> target{best_target()};
  return target;
}

template <typename Real, typename Output>
const Kernel<Real, Output>* chosen_kernel() {
  [[maybe_unused]] const int target = chosen_target();
#if PHASOR_BASELINE < PHASOR_AVX512 && PHASOR_HIGHEST >= PHASOR_AVX512
  if (target == PHASOR_AVX512) return &avx512::kernel<Real, Output>;
#endif
#if PHASOR_BASELINE < PHASOR_AVX2 && PHASOR_HIGHEST >= PHASOR_AVX2
  if (target == PHASOR_AVX2) return &avx2::kernel<Real, Output>;
#endif
  return &baseline::kernel<Real, Output>;
}

}  // namespace detail

/// What embeddings made now run on, by its name in targets.hpp: "AVX2", "scalar", ....
inline const char* target() {
  constexpr const char* names[] = {PHASOR_TARGET_NAMES};
  const int chosen = detail::chosen_target();
  return names[chosen < PHASOR_BASELINE ? PHASOR_BASELINE : chosen];
}

}}  // namespace phasor::PHASOR_NAMESPACE
