// Timesteps and outputs that have data() and size(), and braced lists.
#include <phasor/buffer_embedding.hpp>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

struct Half {  // as at::Half: a number of 16 bits
  std::uint16_t bits;
  operator float() const;
};

void accepted(const phasor::BufferEmbedding<float>& embedding, float* out) {
  embedding.embed_into(std::vector<std::int8_t>(4), out);
  embedding.embed_into(std::array<std::uint8_t, 4>(), out);
}

void refused(const phasor::BufferEmbedding<float>& embedding, float* out, const std::vector<double>& t) {
  std::vector<double> doubles(32);
  const std::vector<float> constant(32);
  embedding.embed_into(std::vector<bool>(4), out);              //! phasor: timesteps must be a number, a range
  embedding.embed_into(std::vector<std::vector<int>>(4), out);  //! phasor: timesteps must be float, double
  embedding.embed_into(std::array<long double, 4>(), out);  //! phasor: timesteps must be float, double or an integer
  embedding.embed_into({Half{}, Half{}}, out);    //! phasor: timesteps of type half or bfloat16 have lost their value
  embedding.embed_into(std::string("981"), out);  //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(std::wstring_view(L"981"), out);  //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(u"981", out);                     //! phasor: timesteps must be numbers, not characters
  embedding.embed_into({U'a', U'b'}, out);               //! phasor: timesteps must be numbers, not characters
  embedding.embed_into(t, constant);                     //! phasor: out must be writable
  embedding.embed_into(t, std::vector<float>(32));       //! phasor: out is a temporary
  embedding.embed_into(t, doubles);  //! phasor: out must have the embedding's Scalar ... float[,;].*double
  embedding.embed_into(t, static_cast<void*>(out));  //! phasor: out must have the embedding's Scalar
}
