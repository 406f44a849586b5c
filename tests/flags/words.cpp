// Every word and every convention, for tests/flags/weak.
#include <phasor/buffer_embedding.hpp>

#include <array>

phasor::Spectrum words(const std::array<float, 4>& some, double x) {
  using namespace phasor;
  const double numbers[] = {x, 1, 2};
  Spectrum all = joined(sines(geometric(7, x)), cosines(geomspace(5, 1, x)));
  for (const Spectrum& one : {positional_embedding(8, x), ddpm(9), adm(8), flux(8), grad_tts(8), wuerstchen(8), wavegrad(8),
                              diffwave(8), pi0(8), stable_audio_3(8), transformer(8), diffusers_timesteps(8, true, x),
                              gaussian_fourier(some), fourier_embedding(numbers), mp_fourier({x, 1}, {0, x}),
                              sines_then_cosines(from_radians(some)), cosines_then_sines(some), interleaved(numbers)})
    all = joined(all, padded(scaled(derivative(columns(one, 1, 2)), x), 3));
  return all;
}
