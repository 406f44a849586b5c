// Eigen's timesteps and outputs, where only the header without Eigen is included.
#include <Eigen/Core>

#include <phasor/buffer_embedding.hpp>

void refused(const phasor::BufferEmbedding<float>& embedding, const Eigen::ArrayXf& t, float* buffer) {
  Eigen::MatrixXf out(4, 8);
  embedding.embed_into({1, 2, 3, 4}, out);  //! phasor: for vectors and matrices of Eigen's, include phasor/phasor.hpp
  embedding.embed_into(1, out.row(2));      //! phasor: for vectors and matrices of Eigen's, include phasor/phasor.hpp
  embedding.embed_into(t, buffer);          //! phasor: for vectors and matrices of Eigen's, include phasor/phasor.hpp
}
