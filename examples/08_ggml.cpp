// ggml's GGML_OP_TIMESTEP_EMBEDDING by phasor, for its CPU backend: the buffers are in this machine's memory.
//
// An op has no state, so its embeddings are kept here, by what tells them apart: dim and max_period.
#include <phasor/buffer_embedding.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <map>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace {

// What ggml.h and ggml-cpu-impl.h declare of this, so that it builds without them: in ggml, leave these out.
struct ggml_tensor {
  std::int64_t ne[4];  // elements: of a row, rows, ...
  std::size_t nb[4];   // bytes from one to the next
  std::int32_t op_params[16];
  ggml_tensor* src[10];
  void* data;
};
struct ggml_compute_params {
  int ith, nth;  // this thread, of how many
};
std::int32_t ggml_get_op_params_i32(const ggml_tensor* tensor, std::uint32_t i) { return tensor->op_params[i]; }

/// The embedding of an op's parameters, made when it is first needed. A copy costs next to nothing.
phasor::BufferEmbedding<float> embedding_of(int dim, int max_period) {
  static std::mutex mutex;
  static std::map<std::pair<int, int>, phasor::BufferEmbedding<float>> kept;
  const std::lock_guard<std::mutex> lock(mutex);
  const auto found = kept.find({dim, max_period});
  if (found != kept.end()) return found->second;
  const phasor::BufferEmbedding<float> made(phasor::adm(dim, max_period));
  return kept.emplace(std::pair(dim, max_period), made).first->second;
}

/// In place of ggml's function of this name, in ops.cpp. Each thread has its own rows.
void ggml_compute_forward_timestep_embedding_f32(const ggml_compute_params* params, ggml_tensor* dst) {
  const ggml_tensor* const src0 = dst->src[0];
  const auto embedding = embedding_of(ggml_get_op_params_i32(dst, 0), ggml_get_op_params_i32(dst, 1));
  const auto row_stride = static_cast<phasor::Index>(dst->nb[1] / sizeof(float));  // nb is in bytes
  const phasor::Index first = src0->ne[0] * params->ith / params->nth;
  const phasor::Index last = src0->ne[0] * (params->ith + 1) / params->nth;
  embedding.embed_into(static_cast<const float*>(src0->data) + first, last - first,
                       static_cast<float*>(dst->data) + first * row_stride, row_stride);
}

}  // namespace

int main() {
  const int count = 7, dim = 320, row_bytes = 1408;  // rows of 352 floats, of which 320 are the embedding
  std::vector<float> timesteps = {999, 750.5f, 500, 250, 100, 1, 0};
  std::vector<float> memory(count * 352, -9.f), want(count * 352, -9.f);
  ggml_tensor t{{count, 1, 1, 1}, {4, 4 * count, 4 * count, 4 * count}, {}, {}, timesteps.data()};
  ggml_tensor dst{{dim, count, 1, 1}, {4, row_bytes, row_bytes * count, row_bytes * count}, {dim, 10000}, {&t}, memory.data()};

  const int threads = 4;
  std::vector<std::thread> pool;
  for (int i = 0; i < threads; ++i) {
    pool.emplace_back([&dst, i] {
      const ggml_compute_params params{i, threads};
      ggml_compute_forward_timestep_embedding_f32(&params, &dst);
    });
  }
  for (std::thread& thread : pool) thread.join();

  phasor::BufferEmbedding<float>(phasor::adm(dim)).embed_into(timesteps, want.data(), 352);
  const bool same = std::memcmp(memory.data(), want.data(), memory.size() * sizeof(float)) == 0;
  std::printf("%d rows by %d threads %s\n", count, threads, same ? "are those of one call" : "DIFFER from those of one call");
  return !same;
}
