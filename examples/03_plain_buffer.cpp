// Buffers, and no Eigen: this needs nothing but the standard library. More of it is in 11_buffer_recipes; runtimes are
// 08_ggml and 09_onnxruntime.
#include <phasor/buffer_embedding.hpp>

#include <array>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

int failures = 0;

/// Four rows of 320 floats, `stride` apart, against those of one call.
void check(const char* name, const float* rows, phasor::Index stride) {
  const phasor::BufferEmbedding<float> embedding(phasor::adm(320));
  std::vector<float> want(4 * 320);
  embedding.embed_into({10, 12, 16, 100}, want);
  bool same = true;
  for (phasor::Index i = 0; i < 4; ++i) {
    for (phasor::Index k = 0; k < 320; ++k) same = same && rows[i * stride + k] == want[static_cast<std::size_t>(i * 320 + k)];
  }
  failures += !same;
  std::printf("%-40s %s\n", name, same ? "the same" : "DIFFERS");
}

}  // namespace

int main() {
  const phasor::BufferEmbedding<float> embedding(phasor::adm(320));

  std::vector<float> row(320);
  embedding.embed_into(981, row);
  std::printf("adm(320) at t = 981: %.6f %.6f %.6f ... %.6f\n", double(row[0]), double(row[1]), double(row[2]), double(row[319]));

  // Timesteps: a braced list, one number, or whatever has data() and size(), of float, double or any
  // integer type.
  const std::vector<std::int64_t> timesteps = {10, 12, 16, 100};
  const std::array<float, 4> floats = {10, 12, 16, 100};

  // Into a buffer with a size, which is checked: it must be N * dim.
  std::vector<float> out(4 * 320);
  embedding.embed_into(timesteps, out);
  check("a vector into a vector", out.data(), 320);

  // From a pointer on, row after row. What a pointer points to cannot be checked.
  std::vector<float> row_by_row(4 * 320);
  embedding.embed_into(floats, row_by_row.data());
  check("an array to a pointer", row_by_row.data(), 320);

  // Rows that are apart: the last argument is elements from row to row. Here, columns 64 ... 383 of 512.
  std::vector<float> features(4 * 512, -9.f);
  embedding.embed_into(timesteps, features.data() + 64, 512);
  check("columns 64 ... 383 of a wider buffer", features.data() + 64, 512);
  for (std::size_t i = 0; i < 4; ++i) {
    failures += features[i * 512 + 63] != -9.f || features[i * 512 + 384] != -9.f;  // the columns beside stay
  }

  // Nothing but pointers: timesteps, how many, output, elements from row to row.
  std::vector<float> pointers(4 * 320);
  embedding.embed_into(timesteps.data(), 4, pointers.data(), 320);
  check("pointers", pointers.data(), 320);

  // One timestep: one row.
  for (std::size_t i = 0; i < 4; ++i) embedding.embed_into(timesteps[i], out.data() + i * 320);
  check("one number at a time", out.data(), 320);
  return failures;
}
