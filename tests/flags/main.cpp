// Two parts of one program that were compiled with different flags. `main` runs both, and fails unless the bits are the same;
// `main one` and `main other` run that part alone, without Eigen, and print its target.
#include "part.hpp"

#include <cstdio>
#include <cstring>

namespace {

std::uint64_t want = 0;
bool is_same = true;

void expect_same(const char* what, std::uint64_t got) {
  if (want == 0) want = got;
  if (got == want) return;
  std::printf("%s: %016llx, not %016llx\n", what, static_cast<unsigned long long>(got),
              static_cast<unsigned long long>(want));
  is_same = false;
}

}  // namespace

int main(int argc, char** argv) {
  const char* const part = argc > 1 ? argv[1] : "both";
  const bool runs_one = std::strcmp(part, "other") != 0, runs_other = std::strcmp(part, "one") != 0;
  if (runs_one) expect_same("one", one::bits_by_pointer());
  if (runs_other) expect_same("other", other::bits_by_pointer());
  if (runs_one && runs_other) {
    expect_same("one, by Eigen", one::bits_by_eigen());
    expect_same("other, by Eigen", other::bits_by_eigen());
    expect_same("made by one, used by other", other::bits_of(one::made()));
    expect_same("made by other, used by one", one::bits_of(other::made()));
  }
  std::puts(runs_one ? one::target() : other::target());
  return is_same ? 0 : 1;
}
