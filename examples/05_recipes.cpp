// What models embed besides one t a sample. Each recipe checks itself: the program exits with the number that failed.
#include <phasor/phasor.hpp>

#include <cstdio>
#include <cstring>
#include <thread>
#include <vector>

namespace {

using phasor::Index;
using Matrix = phasor::PositionalEmbedding<float>::Matrix;

bool same_bits(const Matrix& a, const Matrix& b) {
  return a.rows() == b.rows() && a.cols() == b.cols() &&
         std::memcmp(a.data(), b.data(), sizeof(float) * static_cast<std::size_t>(a.size())) == 0;
}

/// Video: a time for each of thousands of tokens, few of which differ. A time that equals the one before it is copied.
bool times_of_tokens() {
  const phasor::PositionalEmbedding<float> embedding(phasor::adm(256));
  Eigen::ArrayXXf times(1320, 2);  // tokens of two clips, whose first frame is given: its 220 tokens are at t = 0
  times << Eigen::ArrayXXf::Zero(220, 2), Eigen::Array2f(741.5f, 200).transpose().replicate(1100, 1);
  const Matrix out = embedding.embed(times.reshaped());  // column by column: clip by clip
  return same_bits(out.row(219), embedding.embed(0)) && same_bits(out.row(220), embedding.embed(741.5f)) &&
         same_bits(out.bottomRows<1>(), embedding.embed(200));
}

/// MeanFlow: t and t - r side by side.
bool two_times() {
  const phasor::PositionalEmbedding<float> embedding(phasor::flux(256));
  const Eigen::Vector3f t(1, 0.75f, 0.5f), r(0, 0.25f, 0.5f);
  Matrix out(3, 512);
  embedding.embed_into(t, out.leftCols(256));
  embedding.embed_into(t - r, out.rightCols(256));
  return same_bits(out.block(1, 0, 1, 256), embedding.embed(0.75f)) &&
         same_bits(out.block(1, 256, 1, 256), embedding.embed(0.5f));
}

/// SDXL: original height and width, crop top and left, target height and width, each into its own 256 columns. (Pointers
/// would depend on the order of `sizes`: Eigen's matrices are by columns.)
bool sizes_side_by_side() {
  const phasor::PositionalEmbedding<float> embedding(phasor::adm(256));
  Eigen::MatrixXf sizes(2, 6), out(2, 1536);
  sizes << 1024, 1024, 0, 0, 1024, 1024, 768, 1344, 0, 64, 768, 1344;
  for (int j = 0; j < 6; ++j) embedding.embed_into(sizes.col(j), out.middleCols(256 * j, 256));
  return same_bits(out.block(0, 0, 1, 256), embedding.embed(1024)) &&
         same_bits(out.block(1, 768, 1, 256), embedding.embed(64)) &&
         same_bits(out.block(1, 1280, 1, 256), embedding.embed(1344));
}

/// DiT, MAE: positions in a grid of patches. Their left half is of the column, their right half of the row.
bool positions_in_2d() {
  const Index side = 16, dim = 1152;
  const phasor::PositionalEmbedding<float> embedding(dim / 2);
  const Eigen::ArrayXi patch = Eigen::ArrayXi::LinSpaced(side * side, 0, side * side - 1), row = patch / side;
  Matrix out(side * side, dim);
  embedding.embed_into(patch - row * side, out.leftCols(dim / 2));
  embedding.embed_into(row, out.rightCols(dim / 2));
  return same_bits(out.block(5 * side + 7, 0, 1, dim / 2), embedding.embed(7)) &&
         same_bits(out.block(5 * side + 7, dim / 2, 1, dim / 2), embedding.embed(5));
}

/// A large batch by several threads, each its own rows of the one output: the bits are those of one call.
bool rows_by_threads() {
  const phasor::PositionalEmbedding<float> embedding(phasor::adm(256));
  const Eigen::VectorXd t = Eigen::VectorXd::LinSpaced(27280, 0, 999);
  Matrix out(t.size(), 256);
  const Index parts = 4;
  std::vector<std::thread> threads;
  for (Index part = 0; part < parts; ++part) {
    const Index first = t.size() * part / parts, count = t.size() * (part + 1) / parts - first;
    threads.emplace_back(
        [&, first, count] { embedding.embed_into(t.segment(first, count), out.middleRows(first, count)); });
  }
  for (std::thread& thread : threads) thread.join();
  return same_bits(out, embedding.embed(t));
}

/// A model in bfloat16: the output is float's, rounded once. Timesteps stay float: as bfloat16, 997 would be 996.
bool bfloat16_output() {
  const phasor::PositionalEmbedding<Eigen::bfloat16> embedding(phasor::adm(256));
  const Eigen::Vector2f t(997, 0.25f);
  std::vector<Eigen::bfloat16> out(512);
  embedding.embed_into(t, out);
  const auto want = phasor::PositionalEmbedding<float>(phasor::adm(256)).embed(t).cast<Eigen::bfloat16>().eval();
  return std::memcmp(out.data(), want.data(), 512 * sizeof(Eigen::bfloat16)) == 0;
}

}  // namespace

int main() {
  const struct {
    const char* name;
    bool (*holds)();
  } recipes[] = {{"a time for each token", times_of_tokens}, {"two times, t and t - r", two_times},
                 {"six sizes side by side", sizes_side_by_side}, {"positions in two dimensions", positions_in_2d},
                 {"rows by four threads", rows_by_threads},  {"output in bfloat16", bfloat16_output}};
  int failures = 0;
  for (const auto& recipe : recipes) {
    const bool holds = recipe.holds();
    failures += !holds;
    std::printf("%-28s %s\n", recipe.name, holds ? "holds" : "FAILS");
  }
  return failures;
}
