// The targets that a test goes through, one after the other: PHASOR_TARGET=AVX2 in its environment picks one, by the name that
// phasor::target() has for it; without, they are all that are compiled in and that this machine has.
#pragma once

#include <phasor/buffer_embedding.hpp>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

/// Embeddings that are made from now on are of this target.
inline void use_target(int target) { phasor::detail::chosen_target() = target; }

inline bool fuses(int target) { return target > PHASOR_BASELINE || phasor::detail::baseline::has_fma; }

/// Ends the program where PHASOR_TARGET names none of them.
inline const std::vector<int>& targets() {
  static const std::vector<int> chosen = [] {
    const char* const wanted = std::getenv("PHASOR_TARGET");
    const int before = phasor::detail::chosen_target();
    std::vector<int> found;
    std::string names;
    for (int target = PHASOR_BASELINE; target <= phasor::detail::best_target(); ++target) {
      use_target(target);
      names += std::string(names.empty() ? "" : ", ") + phasor::target();
      if (!wanted || std::string(wanted) == phasor::target()) found.push_back(target);
    }
    use_target(before);
    if (found.empty()) {
      std::fprintf(stderr, "PHASOR_TARGET=%s: this machine and these flags have %s\n", wanted, names.c_str());
      std::exit(2);
    }
    return found;
  }();
  return chosen;
}
