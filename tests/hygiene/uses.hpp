// Every Scalar, every kind of timesteps and every kind of outputs, so that every template of the headers is compiled.
#pragma once

#include <phasor/phasor.hpp>

#include <array>
#include <cstdint>
#include <vector>

namespace uses {

enum class Half : std::uint16_t {};

template <typename Scalar, typename Timesteps>
void embed(const phasor::PositionalEmbedding<Scalar>& embedding, const Timesteps& t) {
  const Eigen::Index rows = 4, columns = embedding.dim();
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic> wide(2 * rows, 2 * columns);
  Eigen::Matrix<Scalar, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> plain = embedding.embed(t);
  std::vector<Scalar> buffer(static_cast<std::size_t>(rows * columns));
  embedding.embed_into(t, plain);
  embedding.embed_into(t, wide.block(1, 1, rows, columns));
  embedding.embed_into(t, wide(Eigen::seqN(0, rows, 2), Eigen::seqN(0, columns, 2)));
  embedding.embed_into(t, buffer);
  embedding.embed_into(t, buffer.data());
  embedding.embed_into(t, buffer.data(), columns);
}

template <typename Scalar, typename Number>
void embed_numbers() {
  const phasor::PositionalEmbedding<Scalar> embedding(phasor::adm(320));
  const Number some[] = {Number(1), Number(2), Number(3), Number(4)};
  std::vector<Scalar> buffer(4 * 320);
  Eigen::Matrix<Scalar, Eigen::Dynamic, 1> column(320);
  embedding.embed_into(some, 4, buffer.data(), 320);
  embedding.embed_into(Number(1), buffer.data());
  embedding.embed_into({Number(1), Number(2)}, buffer.data(), 320);
  embedding.embed_into(Number(1), column);
  embedding.embed(Eigen::Array<Number, Eigen::Dynamic, 1>(4));
}

template <typename Scalar>
void embed_some() {
  const float some[] = {1, 2, 3, 4};
  embed(phasor::PositionalEmbedding<Scalar>(phasor::adm(320)), some);
  embed_numbers<Scalar, double>();
}

/// Of every type: what reads timesteps knows no Scalar.
inline void embed_all() {
  const phasor::PositionalEmbedding<float> embedding(phasor::adm(320));
  embed_some<float>();
  embed(embedding, Eigen::ArrayXi(4));
  embed(embedding, std::vector<std::int64_t>(4));
  embed_numbers<float, float>();
  embed_numbers<float, std::int8_t>();
  embed_numbers<float, std::uint16_t>();
  embed_numbers<float, std::int64_t>();
  embed_numbers<float, std::uint64_t>();
}

}  // namespace uses

template <>
inline constexpr phasor::Format phasor::format<uses::Half> = phasor::Format::half;

namespace uses {

inline std::size_t all() {
  embed_all();
  embed_some<double>();
  embed_some<Eigen::half>();
  embed_some<Eigen::bfloat16>();
  std::vector<Half> halves(4 * 320);
  phasor::BufferEmbedding<Half>(phasor::adm(320)).embed_into(std::array<float, 4>{}, halves);

  const std::vector<float> weights = {1, 2, 3};
  std::size_t columns = 0;
  for (const phasor::Spectrum& spectrum :
       {phasor::positional_embedding(8), phasor::ddpm(9), phasor::adm(8), phasor::flux(8), phasor::grad_tts(8),
        phasor::wuerstchen(8), phasor::wavegrad(8), phasor::diffwave(8), phasor::pi0(8), phasor::stable_audio_3(8),
        phasor::transformer(8), phasor::diffusers_timesteps(8, true, 0), phasor::gaussian_fourier(weights),
        phasor::fourier_embedding(Eigen::Map<const Eigen::ArrayXf>(weights.data(), 3)),
        phasor::mp_fourier(phasor::from_radians(weights), {0, 0.25, 0.5}),
        phasor::padded(phasor::joined(phasor::columns(phasor::ddpm(8), 1, 3), phasor::cosines({1, 2})), 8),
        phasor::scaled(phasor::derivative(phasor::adm(8)), 2), phasor::interleaved(phasor::geomspace(4, 1, 2))}) {
    columns += spectrum.frequency.size();
  }
  return columns + static_cast<std::size_t>(*phasor::target());
}

}  // namespace uses
