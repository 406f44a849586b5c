// embed_into never allocates, embed allocates its result alone: counted at operator new and malloc, and by Eigen.
#include <cstdlib>

// Eigen's own check is an assertion, which Release builds leave out; here it stays.
#define EIGEN_RUNTIME_NO_MALLOC
#define eigen_assert(condition) ((condition) ? void() : std::abort())

#include "catch.hpp"
#include "in_use.hpp"

#include <cstdint>
#include <new>
#include <type_traits>

namespace {
long allocations = 0;
}

[[gnu::noinline]] void* operator new(std::size_t size) {  // inlined, g++ takes malloc and delete for a mismatch
  ++allocations;
  if (void* memory = std::malloc(size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);
void* malloc(std::size_t size) { return ++allocations, __libc_malloc(size); }
void* calloc(std::size_t count, std::size_t size) { return ++allocations, __libc_calloc(count, size); }
void* realloc(void* memory, std::size_t size) { return ++allocations, __libc_realloc(memory, size); }
void* aligned_alloc(std::size_t alignment, std::size_t size) { return ++allocations, __libc_memalign(alignment, size); }
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
  *memory = (++allocations, __libc_memalign(alignment, size));
  return *memory ? 0 : 12;
}
}
#endif

namespace {

/// The number of allocations that f makes.
template <typename Function>
long count(const Function& f) {
  const long before = allocations;
  Eigen::internal::set_is_malloc_allowed(false);
  f();
  Eigen::internal::set_is_malloc_allowed(true);
  return allocations - before;
}

template <typename Scalar>
void check() {
  const phasor::PositionalEmbedding<Scalar> embedding(mixed(130));
  Eigen::ArrayXd t = Eigen::ArrayXd::LinSpaced(150, -3, 998.39);
  t[7] = 1e12;
  const Eigen::Array<int, 1, Eigen::Dynamic> steps = t.cast<int>().transpose();
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> rows(150, 200);
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> columns(150, 200);
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> transposed(130, 150);

  CHECK(count([&] { embedding.embed_into(t, rows.leftCols(130)); }) == 0);
  CHECK(count([&] { embedding.embed_into(t, columns.rightCols(130)); }) == 0);
  CHECK(count([&] { embedding.embed_into(t, transposed.transpose()); }) == 0);
  CHECK(count([&] { embedding.embed_into(t, rows(Eigen::all, Eigen::seqN(0, 130, Eigen::fix<1>))); }) == 0);
  CHECK(count([&] { embedding.embed_into(t * 2 + 1, columns.leftCols(130)); }) == 0);
  CHECK(count([&] { embedding.embed_into(steps, rows.leftCols(130)); }) == 0);
  CHECK(count([&] { embedding.embed_into(998.39, rows.row(3).head(130)); }) == 0);
  CHECK(count([&] { embedding.embed_into(steps.data(), 150, rows.data(), 200); }) == 0);

  long before = allocations;
  const auto result = embedding.embed(t);
  const long of_embed = allocations - before;
  before = allocations;
  const auto same = std::decay_t<decltype(result)>(150, 130);
  CHECK(of_embed == allocations - before);
  CHECK(same.size() == result.size());
}

}  // namespace

TEST_CASE("allocations are counted") {
  void* volatile memory = nullptr;  // volatile, so that none is optimized away
  CHECK(count([&] { memory = ::operator new(1); }) > 0);
  ::operator delete(memory);
#if defined(__GLIBC__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(count([&] { memory = std::malloc(1); }) > 0);
  std::free(memory);
#endif
}

TEST_CASE("no allocation, float") { check<float>(); }
TEST_CASE("no allocation, double") { check<double>(); }
TEST_CASE("no allocation, half") { check<Eigen::half>(); }
TEST_CASE("no allocation, bfloat16") { check<Eigen::bfloat16>(); }
