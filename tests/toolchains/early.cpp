// The choice of the processor before anything else has run: in the first constructor, and, with PREINIT, before those.
#include <phasor/buffer_embedding.hpp>

#include <cstdio>
#include <cstring>

namespace {

const char* early;

#ifdef PREINIT
void ask(int, char**, char**) { early = phasor::target(); }
__attribute__((section(".preinit_array"), used)) void (*const entry)(int, char**, char**) = ask;
#else
__attribute__((constructor(101))) void ask() { early = phasor::target(); }
#endif

}  // namespace

int main() {
  const char* const best = phasor::target();
  const char* want = "SSE2";
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) want = "AVX2 or AVX-512";
  std::printf("early %s, then %s; this processor has %s\n", early, best, want);
  return std::strcmp(early, best) == 0 && std::strstr(want, early) != nullptr ? 0 : 1;
}
