// Callers with a target attribute: functions of phasor that had to be inlined could not be called by g++.
#include <phasor/phasor.hpp>

#include <vector>

__attribute__((target("arch=haswell"))) void buffers(const phasor::BufferEmbedding<float>& embedding, const float* t,
                                                     long n, float* out, std::vector<float>& all) {
  embedding.embed_into(t, n, out, 320);
  embedding.embed_into(t, n, out);
  embedding.embed_into(1.5, out);
  embedding.embed_into({1, 2}, out, 320);
  embedding.embed_into(all, out, 320);
  embedding.embed_into({981, 961.5}, all);
}

__attribute__((target("avx2,fma"))) double eigen(const phasor::PositionalEmbedding<double>& embedding, int t) {
  Eigen::MatrixXd columns(2, 8);
  embedding.embed_into(Eigen::Vector2d(1, 2), columns);
  embedding.embed_into(t, columns.row(0));
  columns += embedding.embed({981, 961});
  const phasor::PositionalEmbedding<double> other(phasor::padded(phasor::adm(7), 8));
  return columns.sum() + other.embed(t).sum() + other.embed(columns.col(0)).sum();
}
