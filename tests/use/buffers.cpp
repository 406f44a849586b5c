// Without Eigen: its directory is not among those that this file is compiled with.
#include <phasor/buffer_embedding.hpp>

#ifdef EIGEN_CORE_H
#error "Eigen is included"
#endif

float embedded_in_buffer(double t) {
  float out[256];
  phasor::BufferEmbedding<float>(phasor::flux(256)).embed_into(t, out);
  return out[0];
}
