// What embeddings are made of.
#include <phasor/phasor.hpp>

#include <complex>
#include <cstdint>
#include <vector>

struct Bits16 {  // declared nowhere to be a format
  std::uint16_t bits;
};
struct Others16 {
  std::uint16_t bits;
};

void scalars() {
  phasor::PositionalEmbedding<int> integers(8);         //! phasor: Scalar must be float, double, or a type of 16 bits
  phasor::PositionalEmbedding<Bits16> undeclared(8);    //! phasor: Scalar must be float, double, or a type of 16 bits
  phasor::BufferEmbedding<Others16> undeclared_too(8);  //! phasor: Scalar must be float, double, or a type of 16 bits
}

void frequencies() {
  phasor::sines(3.5);  //! phasor: frequencies and phases must be a range, a braced list or an Eigen vector
  phasor::mp_fourier(Eigen::MatrixXd(2, 2), Eigen::VectorXd(4));  //! phasor: frequencies and phases must be a range
  phasor::cosines(std::vector<std::complex<float>>(3));           //! phasor: frequencies and phases must be a range
}

void without_a_call() {
  phasor::PositionalEmbedding<float> embedding(phasor::adm);  //! phasor: a convention is a function: call it, as in
  phasor::PositionalEmbedding deduced(phasor::wavegrad);      //! phasor: a convention is a function: call it, as in
  phasor::BufferEmbedding<double> buffers(phasor::pi0);       //! phasor: a convention is a function: call it, as in
}
