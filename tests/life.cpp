// Embeddings as objects: what an allocation that fails leaves behind, copies, moves, swaps, and copies that outlive their
// original.
#include "catch.hpp"
#include "in_use.hpp"

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <stdexcept>
#include <type_traits>
#include <utility>
#include <vector>

namespace {
long alive = 0;         // allocations that are not deleted
long until_fails = -1;  // allocations that still succeed before one fails; below 0, none fails
}  // namespace

[[gnu::noinline]] void* operator new(std::size_t size) {  // inlined, g++ takes malloc and delete for a mismatch
  void* const memory = until_fails >= 0 && until_fails-- == 0 ? nullptr : std::malloc(size);
  if (!memory) throw std::bad_alloc();
  ++alive;
  return memory;
}
[[gnu::noinline]] void operator delete(void* memory) noexcept {
  if (memory) --alive;
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { operator delete(memory); }

namespace {

using phasor::Spectrum;

/// Runs f with its first allocation failing, then with its second, and so on, until none fails any more. After a
/// failure, what f allocated must be gone; each time, after(failed) is called. Returns how often f failed, which is the
/// number of its allocations.
template <typename Function, typename After>
long fail_each(const Function& f, const After& after) {
  for (long n = 0;; ++n) {
    const long before = alive;
    bool failed = false;
    until_fails = n;
    try {
      f();
    } catch (const std::bad_alloc&) {
      failed = true;
    }
    until_fails = -1;
    const long left = alive - before;
    if (failed) CHECK(left == 0);
    after(failed);
    if (!failed) return n;
  }
}

/// The same of an f that deletes all it allocates.
template <typename Function>
long fail_each(const Function& f) {
  long left = 0;
  const auto all_of_f = [&] {
    const long before = alive;
    f();
    left = alive - before;
  };
  return fail_each(all_of_f, [&](bool) { CHECK(left == 0); });
}

/// Whether this embedding is one of `spectrum`: by what it says, and by what it writes, up to guards behind the output.
template <typename Scalar, typename Embedding>
bool is_of(const Embedding& embedding, const Spectrum& spectrum) {
  const double t[] = {998.39, -3, 1e12};
  // Enough guards that an embedding of another width writes none of the memory behind them.
  std::vector<Scalar> got(3 * spectrum.frequency.size() + 3000, static_cast<Scalar>(-9)), want = got;
  Embedding(spectrum).embed_into(t, 3, want.data());
  embedding.embed_into(t, 3, got.data());
  return embedding.dim() == static_cast<phasor::Index>(spectrum.frequency.size()) &&
         embedding.spectrum().frequency == spectrum.frequency && embedding.spectrum().phase == spectrum.phase &&
         std::memcmp(got.data(), want.data(), got.size() * sizeof(Scalar)) == 0;
}

/// Five columns in three groups: a pair, two lone waves and zeros.
Spectrum narrow() { return {{0.5, 0.5, 0.25, 0.125, 0}, {0, 0.25, 0.0625, 0, 0}}; }

template <template <typename> class Embedding, typename Scalar>
void check_failures() {
  using One = Embedding<Scalar>;
  const Spectrum wide = phasor::adm(600);
  for (const Spectrum& spectrum :
       {wide, phasor::adm(31), phasor::cosines(phasor::geometric(40, 100)), mixed(130), narrow(), phasor::sines({0})}) {
    // Two at least for the copy of the spectrum, and one for the plan.
    CHECK(fail_each([&] { One made(spectrum); }) >= 3);
    One old(wide);
    fail_each([&] { old = One(spectrum); }, [&](bool failed) { CHECK(is_of<Scalar>(old, failed ? wide : spectrum)); });
  }
  One a(wide);
  const One b(narrow());
  CHECK(fail_each([&] { const One copy(b); }) == 0);
  const auto a_is_b_unless = [&](bool failed) {
    CHECK(is_of<Scalar>(a, failed ? wide : narrow()));
    CHECK(is_of<Scalar>(b, narrow()));
  };
  CHECK(fail_each([&] { a = b; }, a_is_b_unless) == 0);
  fail_each([&] {
    std::vector<One> several(3, a);
    several.insert(several.begin(), 40, b);
  });
}

template <template <typename> class Embedding, typename Scalar>
void check_life() {
  using One = Embedding<Scalar>;
  static_assert(std::is_nothrow_copy_constructible_v<One> && std::is_nothrow_copy_assignable_v<One>);
  static_assert(std::is_nothrow_move_constructible_v<One> && std::is_nothrow_move_assignable_v<One>);
  const Spectrum wide = phasor::adm(600), lone = phasor::sines({0.25});
  One a(wide), b(narrow());

  One taken(std::move(a));
  CHECK(is_of<Scalar>(taken, wide));
  CHECK(is_of<Scalar>(a, wide));  // a moved-from embedding is as it was
  a = std::move(b);
  CHECK(is_of<Scalar>(a, narrow()));
  CHECK(is_of<Scalar>(b, narrow()));
  One& itself = taken;  // by another name, since compilers warn of x = x
  taken = std::move(itself);
  CHECK(is_of<Scalar>(taken, wide));
  taken = itself;
  CHECK(is_of<Scalar>(taken, wide));
  std::swap(a, taken);
  CHECK(is_of<Scalar>(a, wide));
  CHECK(is_of<Scalar>(taken, narrow()));
  std::swap(a, itself = a);
  CHECK(is_of<Scalar>(a, wide));
  a = One(columns(a.spectrum(), 0, 7));  // of its own spectrum
  CHECK(is_of<Scalar>(a, columns(wide, 0, 7)));

  std::vector<One> several;
  for (int i = 0; i < 40; ++i) several.push_back(i % 2 ? One(lone) : b);
  several.erase(several.begin());
  several.insert(several.begin() + 3, several[0]);
  several[1] = One(wide);
  CHECK(is_of<Scalar>(several[0], lone));
  CHECK(is_of<Scalar>(several[1], wide));
  CHECK(is_of<Scalar>(several[3], lone));
  CHECK(is_of<Scalar>(several[4], narrow()));
  CHECK(is_of<Scalar>(several[39], lone));
  CHECK(is_of<Scalar>(several[38], narrow()));

  const long before = alive;
  auto original = std::make_unique<One>(mixed(130));
  auto copy = std::make_unique<One>(*original);
  original.reset();
  CHECK(is_of<Scalar>(*copy, mixed(130)));
  copy.reset();
  const long left = alive - before;
  CHECK(left == 0);
}

template <typename Scalar>
void check() {
  check_failures<phasor::BufferEmbedding, Scalar>();
  check_failures<phasor::PositionalEmbedding, Scalar>();
  check_life<phasor::BufferEmbedding, Scalar>();
  check_life<phasor::PositionalEmbedding, Scalar>();
}

}  // namespace

TEST_CASE("failures, copies and moves, float") { check<float>(); }
TEST_CASE("failures, copies and moves, double") { check<double>(); }
TEST_CASE("failures, copies and moves, half") { check<Eigen::half>(); }

TEST_CASE("words of which an allocation fails leak nothing") {
  using namespace phasor;
  for (const Convention& convention : conventions()) {
    INFO(convention.name);
    CHECK(fail_each([&] { convention.spectrum(34); }) >= 2);
  }
  const Spectrum wide = adm(600);
  const std::vector<double> f = wide.frequency;
  CHECK(fail_each([&] { geometric(9, 1e4); }) == 1);
  CHECK(fail_each([&] { geomspace(9, 1, 2); }) == 1);
  CHECK(fail_each([&] { from_radians(f); }) >= 1);
  CHECK(fail_each([&] { sines(f); }) >= 2);
  CHECK(fail_each([&] { cosines(f); }) >= 2);
  CHECK(fail_each([&] { sines_then_cosines(f); }) >= 2);
  CHECK(fail_each([&] { cosines_then_sines(f); }) >= 2);
  CHECK(fail_each([&] { interleaved(f); }) >= 2);
  CHECK(fail_each([&] { joined(wide, wide); }) >= 2);
  CHECK(fail_each([&] { padded(wide, 700); }) >= 2);
  CHECK(fail_each([&] { columns(wide, 5, 400); }) >= 2);
  CHECK(fail_each([&] { scaled(wide, 2); }) >= 2);
  CHECK(fail_each([&] { derivative(wide); }) >= 2);
  // A refusal makes its sentence in memory too.
  const auto refused = [&] {
    try {
      padded(wide, 3);
    } catch (const std::invalid_argument&) {
    }
  };
  CHECK(fail_each(refused) >= 1);
}
