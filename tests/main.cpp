// The main function of the test programs: it runs all tests of a program once for each of targets.hpp, so that one binary
// tries them all.
#include "targets.hpp"

#if __has_include(<catch2/catch_session.hpp>)
#include <catch2/catch_session.hpp>
#else
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#endif

int main(int argc, char** argv) {
  Catch::Session session;
  int failed = session.applyCommandLine(argc, argv);
  for (const int target : targets()) {
    if (failed != 0) break;
    use_target(target);
    std::printf("%s:\n", phasor::target());
    std::fflush(stdout);
    failed = session.run();
  }
  return failed;
}
