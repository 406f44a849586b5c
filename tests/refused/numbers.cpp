// One number as the timestep, and timesteps and outputs by pointer.
#include <phasor/buffer_embedding.hpp>

#include <complex>
#include <cstdint>

struct Half {  // as at::Half: a number of 16 bits
  std::uint16_t bits;
  operator float() const;
};
struct Brain {
  std::uint16_t bits;
  operator float() const;
};

void accepted(const phasor::BufferEmbedding<float>& embedding, float* out) {
  embedding.embed_into(std::int8_t(1), out);
  embedding.embed_into(std::uint8_t(1), out);
  embedding.embed_into(static_cast<const signed char*>(nullptr), 0, out);
  embedding.embed_into(static_cast<const unsigned char*>(nullptr), 0, out);
}

void refused(const phasor::BufferEmbedding<float>& embedding, float* out, const float* t, double* doubles) {
  embedding.embed_into(true, out);  //! phasor: timesteps must be float, double or an integer type other than bool
  embedding.embed_into(1.L, out);   //! phasor: timesteps must be float, double or an integer type other than bool
  embedding.embed_into(std::complex<float>(1, 2), out);  //! phasor: timesteps must be a number, a range
  embedding.embed_into(Half{}, out);  //! phasor: timesteps of type half or bfloat16 have lost their value already
  embedding.embed_into(static_cast<const Brain*>(nullptr), 0, out, 8);  //! phasor: timesteps of type half or bfloat16
  embedding.embed_into('a', out);                                 //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(u'a', out);                                //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(U'a', out);                                //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(u8'a', out);                               //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(L"981", 3, out, 8);                        //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(t, 4, static_cast<const float*>(out), 8);  //! phasor: out must be writable
  embedding.embed_into(t, 4, doubles, 8);  //! phasor: out must have the embedding's Scalar ... float[,;].*double
  embedding.embed_into(t, 4, static_cast<void*>(out), 8);  //! phasor: out must have the embedding's Scalar
}
