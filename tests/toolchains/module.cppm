// A named module around the class templates, which whoever imports it instantiates.
module;
#include <phasor/buffer_embedding.hpp>
export module embeddings;
export namespace phasor {
using phasor::adm;
using phasor::BufferEmbedding;
using phasor::Spectrum;
}  // namespace phasor
