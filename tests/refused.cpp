// What does not compile, and the sentence that says why. CASE 0 compiles.
#include <phasor/phasor.hpp>

int main() {
  const phasor::PositionalEmbedding<float> embedding(8);
  const Eigen::ArrayXf t(4);
  Eigen::MatrixXf out(4, 8);
#if CASE == 0
  embedding.embed_into(t, out);
#elif CASE == 1
  embedding.embed(t.cast<Eigen::half>());
#elif CASE == 2
  embedding.embed(t.cast<Eigen::bfloat16>());
#elif CASE == 3
  embedding.embed(Eigen::half(1));
#elif CASE == 4
  embedding.embed_into(static_cast<const Eigen::bfloat16*>(nullptr), 0, out.data(), 8);
#elif CASE == 5
  embedding.embed(t > 0);
#elif CASE == 6
  embedding.embed(out);
#elif CASE == 7
  const Eigen::MatrixXf constant(4, 8);
  embedding.embed_into(t, constant);
#elif CASE == 8
  embedding.embed_into(t, out + out);
#elif CASE == 9
  Eigen::MatrixXd doubles(4, 8);
  embedding.embed_into(t, doubles);
#elif CASE == 10
  phasor::PositionalEmbedding<int> integers(8);
#elif CASE == 11
  embedding.embed(t.cast<long double>());
#elif CASE == 12
  embedding.embed_into(t, Eigen::Map<const Eigen::MatrixXf>(out.data(), 4, 8));
#elif CASE == 13
  embedding.embed(true);
#elif CASE == 14
  embedding.embed_into(t, Eigen::MatrixXf(4, 8));
#elif CASE == 15
  embedding.embed_into(t.data(), 4, static_cast<const float*>(out.data()), 8);
#endif
}
