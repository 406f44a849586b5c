// How much stack one call takes, which fibers and small threads have little of: at -O2, as CMakeLists.txt compiles this, for
// every Scalar, kind of timesteps and layout.
#include "catch.hpp"
#include "in_use.hpp"

#include <ucontext.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace {

const bool is_set = (phasor::stream_bytes = 1 << 14, true);  // so that what is streamed is seen too

using phasor::Index;

/// As README.md promises.
constexpr std::ptrdiff_t promised = 16 << 10;

/// The bytes of stack that f touches: it runs on a stack of its own, painted before.
std::ptrdiff_t stack_of(const std::function<void()>& f) {
  f();  // the first call of a library's function is the dynamic linker's, with the stack that this takes
  constexpr unsigned char paint = 0xa5;
  alignas(64) static unsigned char memory[1 << 18];
  static ucontext_t here, there;
  static const std::function<void()>* function;
  static const unsigned char* top;
  std::fill(std::begin(memory), std::end(memory), paint);
  function = &f;
  getcontext(&there);
  there.uc_stack.ss_sp = memory;
  there.uc_stack.ss_size = sizeof memory;
  there.uc_link = &here;
  makecontext(
      &there,
      [] {
        volatile unsigned char first = 0;
        top = const_cast<const unsigned char*>(&first);
        (*function)();
      },
      0);
  swapcontext(&here, &there);
  return top - std::find_if(std::begin(memory), std::end(memory), [](unsigned char x) { return x != paint; });
}

/// The largest, of all kinds of calls, and which it is.
struct Deepest {
  std::ptrdiff_t bytes = 0;
  std::string what;

  void see(const std::string& name, const std::function<void()>& f) {
    const std::ptrdiff_t got = stack_of(f);
    if (got > bytes) bytes = got, what = name;
  }
};

template <typename Scalar, typename Time>
void see_all(Deepest& deepest, const std::string& name, const phasor::Spectrum& spectrum, double scale) {
  const phasor::PositionalEmbedding<Scalar> embedding(spectrum);
  const Index dim = embedding.dim();
  std::vector<Scalar> memory(static_cast<std::size_t>(700 * (2 * dim + 3)));
  for (const Index rows : {1, 3, 16, 300}) {
    const Eigen::Array<Time, Eigen::Dynamic, 1> t =
        (Eigen::ArrayXd::LinSpaced(rows, 3, 99) * scale).template cast<Time>();
    const std::string where = name + ", " + std::to_string(rows) + " x " + std::to_string(dim);
    using Strides = Eigen::Stride<Eigen::Dynamic, Eigen::Dynamic>;
    using Map = Eigen::Map<typename phasor::PositionalEmbedding<Scalar>::Matrix, 0, Strides>;
    const auto into = [&](const char* layout, Index row_stride, Index column_stride) {
      deepest.see(where + ", " + layout, [&, row_stride, column_stride] {
        embedding.embed_into(t, Map(memory.data(), rows, dim, Strides(row_stride, column_stride)));
      });
    };
    into("rows", dim, 1);
    into("columns", 1, rows);
    into("gaps everywhere", 2 * dim + 3, 2);
    deepest.see(where + ", by pointer", [&] { embedding.embed_into(t.data(), rows, memory.data(), dim); });
    deepest.see(where + ", embed", [&] { embedding.embed(t); });
  }
}

template <typename Scalar>
void check(const char* scalar) {
  Deepest deepest;
  const std::vector<double> f = phasor::geometric(600, 1e4);
  for (const phasor::Spectrum& spectrum :
       {phasor::adm(1280), phasor::interleaved(f), phasor::mp_fourier(f, sampled_phases(600)), mixed(130), phasor::adm(6),
        phasor::adm(24)}) {
    for (const double scale : {1., 1e4, 1e12}) {  // which of the reductions it is
      const std::string name = std::string(scalar) + ", t to " + std::to_string(99 * scale);
      see_all<Scalar, double>(deepest, name, spectrum, scale);
      see_all<Scalar, float>(deepest, name, spectrum, scale);
      see_all<Scalar, std::int64_t>(deepest, name, spectrum, scale);
    }
  }
  INFO(deepest.what << ", on " << phasor::target());
  CHECK(deepest.bytes <= promised);
  CHECK(deepest.bytes > 0);
}

}  // namespace

TEST_CASE("the stack of one call, float") { check<float>("float"); }
TEST_CASE("the stack of one call, double") { check<double>("double"); }
TEST_CASE("the stack of one call, half") { check<Eigen::half>("half"); }
TEST_CASE("the stack of one call, bfloat16") { check<Eigen::bfloat16>("bfloat16"); }

TEST_CASE("what is on the stack is counted") {
  CHECK(stack_of([] {}) < promised);
  const auto used = stack_of([] {
    volatile char array[promised + 100];
    for (volatile char& x : array) x = 1;
  });
  CHECK(used > promised);
}
