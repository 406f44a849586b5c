// Eigen's timesteps and outputs, and whatever embed() is given.
#include <phasor/phasor.hpp>

#include <complex>
#include <cstdint>
#include <string_view>
#include <vector>

void accepted(const phasor::PositionalEmbedding<float>& embedding, const Eigen::ArrayXf& t) {
  Eigen::MatrixXf out(4, 8);
  embedding.embed_into(t, out);
  embedding.embed(Eigen::Array<std::int8_t, 4, 1>());
  embedding.embed(Eigen::Array<std::uint8_t, 4, 1>());
}

void timesteps(const phasor::PositionalEmbedding<float>& embedding, const Eigen::ArrayXf& t) {
  embedding.embed(std::complex<float>(1, 2));       //! phasor: timesteps must be a number, a range
  embedding.embed(std::string_view("981"));         //! phasor: timesteps must be numbers, not characters
  embedding.embed(L"981");                          //! phasor: timesteps must be numbers, not characters
  embedding.embed(Eigen::Array<char16_t, 4, 1>());  //! phasor: timesteps must be numbers, not characters
  embedding.embed(t.cast<Eigen::half>());           //! phasor: timesteps of type half or bfloat16 have lost their value
  embedding.embed(Eigen::bfloat16(1));              //! phasor: timesteps of type half or bfloat16 have lost their value
  embedding.embed(t.cast<long double>());           //! phasor: timesteps must be float, double or an integer type
  embedding.embed(Eigen::Matrix<float, 2, 3>());    //! phasor: timesteps must be a vector (of a matrix: times.reshaped
  embedding.embed(t > 0);                           //! phasor: timesteps must be float, double or an integer type
}

void outputs(const phasor::PositionalEmbedding<float>& embedding, const Eigen::ArrayXf& t) {
  Eigen::MatrixXf out(4, 8), square(8, 8);
  Eigen::MatrixXd doubles(4, 8);
  const Eigen::ArrayXXf constant(4, 8);
  const std::vector<int> list = {3, 1, 2, 0};
  embedding.embed_into(t, constant);                                             //! phasor: out must be writable
  embedding.embed_into(t, out + out);                                            //! phasor: out must be writable
  embedding.embed_into(t, Eigen::Map<const Eigen::MatrixXf>(out.data(), 4, 8));  //! phasor: out must be writable
  embedding.embed_into(t, Eigen::MatrixXf(4, 8));                                //! phasor: out is a temporary
  embedding.embed_into(t, doubles);        //! phasor: out must have the embedding's Scalar ... float[,;].*double
  embedding.embed_into(t, out.reverse());  //! phasor: out has no strides
  embedding.embed_into(t, out.rowwise().reverse());                //! phasor: out has no strides
  embedding.embed_into(t, out(list, Eigen::all));                  //! phasor: out has no strides
  embedding.embed_into(t, square.topRows(4).reshaped(4, 8));       //! phasor: out has no strides
  embedding.embed_into(t, square.triangularView<Eigen::Upper>());  //! phasor: out must be a pointer to Scalar, a buffer
  embedding.embed_into(t, square.selfadjointView<Eigen::Upper>());  //! phasor: out must be a pointer to Scalar
  embedding.embed_into(t, out.noalias());  //! phasor: out must be a pointer to Scalar, a buffer
  embedding.embed_into(t, out.rowwise());  //! phasor: out must be a pointer to Scalar, a buffer
}
