// The main function of the test programs: it runs all tests of a program once for each target that this machine has, and
// that is compiled in, so that one binary tries them all.
#include <phasor/buffer_embedding.hpp>

#include <cstdio>

#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argc, char** argv) {
  Catch::Session session;
  int failed = session.applyCommandLine(argc, argv);
  for (int target = PHASOR_BASELINE; target <= phasor::detail::best_target() && failed == 0; ++target) {
    phasor::detail::chosen_target() = target;
    std::printf("%s:\n", phasor::target());
    std::fflush(stdout);
    failed = session.run();
  }
  return failed;
}
