// Ordinary or streaming stores? What counts is the time until somebody has read the output, so this measures both.
//
//   consumer [largest output in MB = 256]
//
// embeds, and at once multiplies the output by a dim x 256 matrix (the first layer of a model) or sums it, for outputs of
// 1 MB and more: seconds end to end, and of that the embedding, each the best of several. "Copied past the cache" embeds
// 16 rows at a time into a scratch buffer and copies them with non-temporal stores. By STREAM_BYTES, the build
// has one program in which embed_into never streams, and one in which it always does.
#include <phasor/phasor.hpp>

#if EIGEN_ARCH_i386_OR_x86_64
#include <immintrin.h>
#endif

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <memory>

namespace {

using Eigen::Index;
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Output = Eigen::Map<Matrix, Eigen::Aligned64>;

constexpr Index dim = 1024;

struct Times {
  double embed = std::numeric_limits<double>::infinity(), all = embed;
};

template <typename Embed, typename Consume>
Times best(const Embed& embed, const Consume& consume) {
  using Clock = std::chrono::steady_clock;
  const auto seconds = [](Clock::duration time) { return std::chrono::duration<double>(time).count(); };
  Times times;
  double spent = 0;
  for (int i = 0; i < 200 && (i < 4 || spent < 0.4); ++i) {
    const auto start = Clock::now();
    embed();
    const auto middle = Clock::now();
    consume();
    const auto end = Clock::now();
    times.embed = std::min(times.embed, seconds(middle - start));
    times.all = std::min(times.all, seconds(end - start));
    spent += seconds(end - start);
  }
  return times;
}

#if EIGEN_ARCH_i386_OR_x86_64
void copy_past_the_cache(const float* from, float* to, Index size) {
  for (Index i = 0; i < size; i += 4) _mm_stream_ps(to + i, _mm_load_ps(from + i));
}
#endif

}  // namespace

int main(int argc, char** argv) {
  phasor::stream_bytes = STREAM_BYTES;
  const Index largest = argc > 1 ? std::atol(argv[1]) : 256;
  const phasor::PositionalEmbedding<float> embedding(dim);
  const Matrix weights = Matrix::Random(dim, 256);
  const auto bytes = static_cast<std::size_t>(largest) << 20;
  const std::unique_ptr<void, void (*)(void*)> memory(std::aligned_alloc(4096, bytes), std::free);
  Matrix product(bytes / dim / sizeof(float), 256);
  volatile float sink = 0;

  std::printf("| MB | consumer | embed_into: s | of it embedding | copied past the cache: s | of it embedding |\n");
  std::printf("|---:|---|---:|---:|---:|---:|\n");
  for (Index megabytes = 1; megabytes <= largest; megabytes *= 2) {
    const Index rows = megabytes * (1 << 20) / (dim * Index(sizeof(float)));
    Output out(static_cast<float*>(memory.get()), rows, dim);
    const Eigen::ArrayXf t = Eigen::ArrayXf::LinSpaced(rows, 0, 999);
    const auto plain = [&] { embedding.embed_into(t, out); };
    const auto past = [&] {
#if EIGEN_ARCH_i386_OR_x86_64
      alignas(64) static float scratch[16 * dim];
      for (Index row = 0; row < rows; row += 16) {
        embedding.embed_into(t.data() + row, 16, scratch, dim);
        copy_past_the_cache(scratch, out.data() + row * dim, 16 * dim);
      }
      _mm_sfence();
#else
      plain();
#endif
    };
    const auto multiply = [&] { product.topRows(rows).noalias() = out * weights; };
    const auto sum = [&] { sink = out.sum(); };
    const auto line = [&](const char* name, const auto& consume) {
      const Times a = best(plain, consume), b = best(past, consume);
      std::printf("| %td | %s | %.3e | %.3e | %.3e | %.3e |\n", megabytes, name, a.all, a.embed, b.all, b.embed);
    };
    line("sum", sum);
    line("matrix product", multiply);
  }
  return sink == 1;
}
