// The conventions, the dimensions and the times that the tests run over.
#pragma once

#include <phasor/phasor.hpp>

#include <string>
#include <vector>

struct Convention {
  const char* name;
  bool even;  ///< an odd dim is an error
  phasor::Spectrum (*spectrum)(phasor::Index dim);
  double first, last;  ///< the times that models pass
};

/// Frequencies and phases for the conventions that take them from a checkpoint. known_values.py has the same formulas.
inline Eigen::ArrayXd sampled_frequencies(phasor::Index count) {
  Eigen::ArrayXd f(count);
  for (phasor::Index j = 0; j < count; ++j) f[j] = static_cast<double>((37 * j + 11) % 64 - 20) / 16;
  return f;
}
inline Eigen::ArrayXd sampled_phases(phasor::Index count) {
  Eigen::ArrayXd phase(count);
  for (phasor::Index j = 0; j < count; ++j) phase[j] = static_cast<double>((11 * j + 5) % 32) / 32;
  return phase;
}

inline const std::vector<Convention>& conventions() {
  using namespace phasor;
  static const std::vector<Convention> table = {
      {"positional_embedding", true, [](Index dim) { return positional_embedding(dim); }, 0, 1000},
      {"positional_embedding, scale 0.25", true, [](Index dim) { return positional_embedding(dim, 0.25); }, 0, 4000},
      {"ddpm", false, [](Index dim) { return ddpm(dim); }, 0, 1000},
      {"ddpm, base 100", false, [](Index dim) { return ddpm(dim, 100); }, 0, 1000},
      {"adm", false, [](Index dim) { return adm(dim); }, -1554, 14000},
      {"adm, base 100", false, [](Index dim) { return adm(dim, 100); }, 0, 1000},
      {"flux", false, [](Index dim) { return flux(dim); }, 0, 1},
      {"flux, base 100", false, [](Index dim) { return flux(dim, 100); }, 0, 1},
      {"grad_tts", false, [](Index dim) { return grad_tts(dim); }, 0, 1},
      {"grad_tts, base 100", false, [](Index dim) { return grad_tts(dim, 100); }, 0, 1},
      {"wuerstchen", false, [](Index dim) { return wuerstchen(dim); }, 0, 1},
      {"wavegrad", true, [](Index dim) { return wavegrad(dim); }, 0, 1},
      {"diffwave", true, [](Index dim) { return diffwave(dim); }, 0, 200},
      {"pi0", true, [](Index dim) { return pi0(dim); }, 0, 1},
      {"pi0, periods 0.01 to 2", true, [](Index dim) { return pi0(dim, 0.01, 2); }, 0, 1},
      {"stable_audio_3", true, [](Index dim) { return stable_audio_3(dim); }, 0, 1},
      {"transformer", true, [](Index dim) { return transformer(dim); }, 0, 5000},
      {"transformer, base 100", true, [](Index dim) { return transformer(dim, 100); }, 0, 5000},
      {"diffusers_timesteps, sin first, shift 0.5, scale 2", false,
       [](Index dim) { return diffusers_timesteps(dim, false, 0.5, 2); }, 0, 1000},
      {"diffusers_timesteps, cos first, shift 1, scale 1000, max_period 100", false,
       [](Index dim) { return diffusers_timesteps(dim, true, 1, 1000, 100); }, 0, 1},
      {"gaussian_fourier", true, [](Index dim) { return gaussian_fourier(sampled_frequencies(dim / 2)); }, -1.6, 1.1},
      {"fourier_embedding", true, [](Index dim) { return fourier_embedding(sampled_frequencies(dim / 2)); }, -1.6, 1.1},
      {"mp_fourier", false, [](Index dim) { return mp_fourier(sampled_frequencies(dim), sampled_phases(dim)); }, -1.6,
       1.1},
  };
  return table;
}

/// The numbers of a Spectrum, as Eigen's.
inline Eigen::Map<const Eigen::ArrayXd> array(const std::vector<double>& numbers) {
  return {numbers.data(), static_cast<phasor::Index>(numbers.size())};
}

inline const std::vector<phasor::Index>& dims() {
  static const std::vector<phasor::Index> dims = {2, 3, 4, 64, 128, 129, 256, 320, 1024};
  return dims;
}

/// Sine and cosine of three waves of ddpm(320): the fastest, a middle one and the slowest.
inline phasor::Spectrum three_waves() {
  const std::vector<double> f = phasor::ddpm(320).frequency;
  return phasor::sines_then_cosines({f[0], f[80], f[159]});
}

/// A spectrum of `dim` columns of every kind, in irregular order: halves, interleaved pairs, their derivatives, lone sines
/// and cosines, other phases, zeros and constants.
inline phasor::Spectrum mixed(phasor::Index dim) {
  using namespace phasor;
  const Eigen::ArrayXd f = sampled_frequencies(9) / 16;
  const Spectrum constants{{0, 0, 0}, {0, 0.25, 0.125}};
  Spectrum all = joined(sines_then_cosines(f.head(5)), mp_fourier(f, sampled_phases(9)));
  all = joined(joined(all, constants), derivative(interleaved(f.segment(1, 4))));
  all = joined(all, interleaved(f.tail(4)));
  all = joined(joined(all, cosines(f.segment(2, 3))), joined(cosines_then_sines(f * 3), sines(f * 5)));
  while (all.frequency.size() < static_cast<std::size_t>(dim)) all = joined(all, scaled(all, 1.5));
  return columns(all, 0, dim);
}
