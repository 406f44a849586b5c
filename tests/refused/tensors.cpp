// Tensors, whose header takes longer to parse than all else.
#include <phasor/phasor.hpp>

#include <unsupported/Eigen/CXX11/Tensor>

void refused(const phasor::PositionalEmbedding<float>& embedding, Eigen::Tensor<float, 2, Eigen::RowMajor>& out) {
  embedding.embed(Eigen::Tensor<float, 1>(4));  //! phasor: timesteps must be a number, a range
  embedding.embed_into({1, 2, 3, 4}, out);      //! phasor: out must be a pointer to Scalar, a buffer
}
