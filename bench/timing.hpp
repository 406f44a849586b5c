// Calls and their time, for the programs that take turns between workloads: cliffs.cpp and ratios.cpp.
#pragma once

#include <algorithm>
#include <atomic>
#include <ctime>
#include <functional>
#include <vector>

namespace bench {

/// Makes so many calls. The loop stands inside, so that the compiler sees the call as it is in a user's program.
using Run = std::function<void(long calls)>;

/// call(), so many times, with all that it writes in memory each time.
template <typename Call>
Run repeated(Call call) {
  return [=](long calls) mutable {
    for (; calls > 0; --calls) {
      call();
      std::atomic_signal_fence(std::memory_order_seq_cst);
    }
  };
}

/// Processor time of so many calls, in ns: what other processes take does not count.
inline double ns(const Run& run, long calls) {
#ifdef CLOCK_THREAD_CPUTIME_ID
  const auto now = [] {
    std::timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e9 * static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec);
  };
#else
  const auto now = [] { return 1e9 * static_cast<double>(std::clock()) / CLOCKS_PER_SEC; };
#endif
  const double start = now();
  run(calls);
  return now() - start;
}

/// How many calls take at least so many ns, about.
inline long calls_in(const Run& run, double least) {
  run(1);
  for (long calls = 1;; calls *= 2) {
    const double took = std::min({ns(run, calls), ns(run, calls), ns(run, calls)});  // the first may be cold
    if (took >= least / 4) return std::max(1L, static_cast<long>(static_cast<double>(calls) * (least / took)));
  }
}

/// The element at `quarter` / 4 of all, sorted. (Of processor times take the first quartile, not the fastest: some
/// virtual machines report a few that are far too short.)
inline double quartile(std::vector<double> all, int quarter) {
  std::sort(all.begin(), all.end());
  return all[(all.size() - 1) * static_cast<std::size_t>(quarter) / 4];
}

}  // namespace bench
