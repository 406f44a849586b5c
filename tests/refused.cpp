// What does not compile. Each case is a word, which the compiler is given by -D; refused/run.cmake looks for the sentence
// that says why, and counts the lines of the message. Without a word this compiles.
#include <phasor/phasor.hpp>

#if defined(timesteps_tensor) || defined(output_tensor)  // it takes longer to parse than all else
#include <unsupported/Eigen/CXX11/Tensor>
#endif

#include <complex>
#include <cstdint>
#include <vector>

struct Bits16 {  // declared nowhere to be a format
  std::uint16_t bits;
};

int main() {
  const phasor::PositionalEmbedding<float> embedding(8);
  const Eigen::ArrayXf t(4);
  Eigen::MatrixXf out(4, 8);
  Eigen::MatrixXf square(8, 8);
  std::vector<float> buffer(32);

  embedding.embed_into(t, out);
#if defined(timesteps_complex)
  embedding.embed(std::complex<float>(1, 2));
#elif defined(timesteps_nested)
  embedding.embed(std::vector<std::vector<float>>(4));
#elif defined(timesteps_half)
  embedding.embed(t.cast<Eigen::half>());
#elif defined(timesteps_bfloat16)
  embedding.embed(t.cast<Eigen::bfloat16>());
#elif defined(timesteps_one_half)
  embedding.embed(Eigen::half(1));
#elif defined(timesteps_pointer_to_bfloat16)
  embedding.embed_into(static_cast<const Eigen::bfloat16*>(nullptr), 0, buffer.data(), 8);
#elif defined(timesteps_list_of_half)
  embedding.embed({Eigen::half(1), Eigen::half(2)});
#elif defined(timesteps_bool)
  embedding.embed(true);
#elif defined(timesteps_mask)
  embedding.embed(t > 0);
#elif defined(timesteps_vector_of_bool)
  embedding.embed(std::vector<bool>(4));
#elif defined(timesteps_long_double)
  embedding.embed(t.cast<long double>());
#elif defined(timesteps_one_long_double)
  embedding.embed(1.L);
#elif defined(timesteps_matrix)
  embedding.embed(Eigen::Matrix<float, 2, 3>());
#elif defined(timesteps_tensor)
  embedding.embed(Eigen::Tensor<float, 1>(4));
#elif defined(output_constant)
  const Eigen::MatrixXf constant(4, 8);
  embedding.embed_into(t, constant);
#elif defined(output_sum)
  embedding.embed_into(t, out + out);
#elif defined(output_map_of_constants)
  embedding.embed_into(t, Eigen::Map<const Eigen::MatrixXf>(out.data(), 4, 8));
#elif defined(output_pointer_to_constants)
  embedding.embed_into(t.data(), 4, static_cast<const float*>(out.data()), 8);
#elif defined(output_constant_buffer)
  const std::vector<float> constant(32);
  embedding.embed_into(t, constant);
#elif defined(output_temporary)
  embedding.embed_into(t, Eigen::MatrixXf(4, 8));
#elif defined(output_temporary_buffer)
  embedding.embed_into(t, std::vector<float>(32));
#elif defined(output_of_doubles)
  Eigen::MatrixXd doubles(4, 8);
  embedding.embed_into(t, doubles);
#elif defined(output_pointer_to_doubles)
  std::vector<double> doubles(32);
  embedding.embed_into(t, doubles.data(), 8);
#elif defined(output_buffer_of_doubles)
  std::vector<double> doubles(32);
  embedding.embed_into(t, doubles);
#elif defined(output_pointer_to_void)
  embedding.embed_into(t, static_cast<void*>(buffer.data()));
#elif defined(output_pointer_to_void_with_stride)
  embedding.embed_into(t, static_cast<void*>(buffer.data()), 8);
#elif defined(output_tensor)
  embedding.embed_into(t, Eigen::TensorMap<Eigen::Tensor<float, 2, Eigen::RowMajor>>(buffer.data(), 4, 8));
#elif defined(output_triangle)
  embedding.embed_into(t, square.triangularView<Eigen::Upper>());
#elif defined(output_selfadjoint)
  embedding.embed_into(t, square.selfadjointView<Eigen::Upper>());
#elif defined(output_noalias)
  embedding.embed_into(t, out.noalias());
#elif defined(output_rowwise)
  embedding.embed_into(t, out.rowwise());
#elif defined(scalar_int)
  phasor::PositionalEmbedding<int> integers(8);
#elif defined(scalar_undeclared)
  phasor::PositionalEmbedding<Bits16> undeclared(8);
#elif defined(scalar_undeclared_of_buffers)
  phasor::BufferEmbedding<Bits16> undeclared(8);
#elif defined(frequencies_number)
  phasor::sines(3.5);
#elif defined(frequencies_matrix)
  phasor::mp_fourier(Eigen::MatrixXd(2, 2), Eigen::VectorXd(4));
#elif defined(frequencies_complex)
  phasor::cosines(std::vector<std::complex<double>>(3));
#endif
}
