// phasor: the conventions in use, one function each.
//
// Each returns the Spectrum of one published embedding, so that embed(t) takes the t that the original takes: a time
// scale inside of the original is inside of the Spectrum; one that its caller applies, apply yourself. t is a step,
// mostly 0 ... 999, or a position, unless a comment says otherwise. examples/MODELS.md says which model has which, and
// what its t is.
//
// Below, h = floor(dim / 2), j = 0 ... h-1, and a wave of angular frequency w is sin(w t) or cos(w t). A dim <= 0
// throws std::invalid_argument, and so do a base that is not finite and > 0, and an odd dim where it says "even dim";
// elsewhere an odd dim ends in one column of zeros, which is all that dim 1 has. Given frequencies and phases are
// checked when an embedding is made of them.
#pragma once

#include <phasor/spectrum.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE {

/// [sin | cos], w_j = scale * 10000^(-j / h), even dim: the class PositionalEmbedding(dim, scale).
/// Source: abarankab/DDPM ddpm/unet.py; AnoDDPM UNet.py.
inline Spectrum positional_embedding(Index dim, double scale = 1) {
  return sines_then_cosines(geometric(half_of_even(dim), 1e4, 0, scale));
}

/// [sin | cos], w_j = base^(-j / (h - 1)).
/// Source: hojonathanho/diffusion nn.py; ermongroup/ddim models/diffusion.py; score_sde models/layers.py (whose caller
/// multiplies t by 999); fairseq; lucidrains SinusoidalPosEmb, diffusion_policy and lerobot (which return dim - 1
/// columns for odd dim); DDPM++ in EDM (SongUNet, after its swap of the halves).
inline Spectrum ddpm(Index dim, double base = 1e4) {
  return padded(sines_then_cosines(geometric(half_of(dim), base, 1)), dim);
}

/// [cos | sin], w_j = base^(-j / h).
/// Source: OpenAI improved-diffusion and guided-diffusion nn.py; CompVis latent-diffusion and stable-diffusion util.py;
/// SDXL; DiT models.py, SiT (t in [0, 1]), PixArt, HunyuanVideo; EDM PositionalEmbedding(endpoint=False); Wan; ggml
/// timestep_embedding.
inline Spectrum adm(Index dim, double base = 1e4) {
  return padded(cosines_then_sines(geometric(half_of(dim), base)), dim);
}

/// [cos | sin], w_j = 1000 * base^(-j / h): t = sigma in [0, 1], or 1 - sigma (Mochi, Z-Image). Where the caller has
/// multiplied by 1000 already, it is adm.
/// Source: black-forest-labs/flux modules/layers.py; SD3, Mochi, AuraFlow, Qwen-Image, LTX.
inline Spectrum flux(Index dim, double base = 1e4) {
  return padded(cosines_then_sines(geometric(half_of(dim), base, 0, 1000)), dim);
}

/// [sin | cos], w_j = 1000 * base^(-j / (h - 1)): t in [0, 1].
/// Source: Grad-TTS model/diffusion.py; Matcha-TTS, F5-TTS, CosyVoice; google-research/vdm model_vdm.py; the guidance
/// embedding of latent consistency models in huggingface/diffusers (of w - 1, up to 13 or so).
inline Spectrum grad_tts(Index dim, double base = 1e4) {
  return padded(sines_then_cosines(geometric(half_of(dim), base, 1, 1000)), dim);
}

/// [sin | cos], w_j = base * base^(-j / (h - 1)): t in [0, 1].
/// Source: dome272/Wuerstchen modules.py; Stable Cascade; FrameDiff; with base 2056 FrameFlow, with 2000 Proteina.
inline Spectrum wuerstchen(Index dim, double base = 1e4) {
  return padded(sines_then_cosines(geometric(half_of(dim), base, 1, base)), dim);
}

/// [sin | cos], w_j = 5000 * 10000^(-j / h), even dim: t is the noise level, in [0, 1].
/// Source: ivanvovk/WaveGrad linear_modulation.py. lmnt-com's WaveGrad has no factor 5000: positional_embedding(dim).
inline Spectrum wavegrad(Index dim) { return positional_embedding(dim, 5000); }

/// [sin | cos], w_j = 10^(4 j / (h - 1)), even dim: angular frequencies that rise from 1 to 10000, for integer steps.
/// The original rounds angles of 1e5 to 1e7 rad to float32, so its own values are off by 0.02 to 0.7 in the fast
/// columns. Source: lmnt-com/diffwave model.py (10^(4 j / 63) at dim 128); CSDI.
inline Spectrum diffwave(Index dim) { return sines_then_cosines(geometric(half_of_even(dim), 1e-4, 1)); }

/// [sin | cos], periods in geometric steps from min_period to max_period, both included from dim 4 on, even dim: t in
/// [0, 1].
/// Throws std::invalid_argument unless min_period and max_period, and their reciprocals, are finite and > 0.
/// Source: Physical-Intelligence/openpi pi0.py.
inline Spectrum pi0(Index dim, double min_period = 4e-3, double max_period = 4) {
  detail::refuse_unless_positive("min_period", min_period);
  detail::refuse_unless_positive("max_period", max_period);
  const detail::Wide slowest = detail::wide(1) / detail::wide(max_period),
                     fastest = detail::wide(1) / detail::wide(min_period);
  detail::refuse_unless_positive("1 / min_period", detail::nearest(fastest));
  detail::refuse_unless_positive("1 / max_period", detail::nearest(slowest));
  const Index half = half_of_even(dim);
  return sines_then_cosines(detail::powers(half, fastest, detail::logarithm(detail::wide(min_period) * slowest),
                                           detail::wide(static_cast<double>(half - 1))));
}

/// [cos | sin], frequencies in geometric steps from 0.5 to 10000 turns, both included from dim 4 on, even dim: t in
/// [0, 1].
/// Source: huggingface/diffusers transformer_stable_audio3.py.
inline Spectrum stable_audio_3(Index dim) { return cosines_then_sines(geomspace(half_of_even(dim), 0.5, 1e4)); }

/// [sin, cos, sin, cos, ...], w_j = base^(-j / h), even dim.
/// Source: Vaswani et al. 2017, "Attention is all you need", section 3.5; MDM, w86763777/pytorch-ddpm, burn.
inline Spectrum transformer(Index dim, double base = 1e4) { return interleaved(geometric(half_of_even(dim), base)); }

/// The `Timesteps` of diffusers, argument for argument: [cos | sin] if flip_sin_to_cos, else [sin | cos],
/// w_j = scale * max_period^(-j / (h - downscale_freq_shift)). Throws std::invalid_argument unless num_channels > 0,
/// max_period is finite and > 0, scale is finite, and downscale_freq_shift is finite and, where h > 1, not h.
/// Source: huggingface/diffusers embeddings.py, get_timestep_embedding.
inline Spectrum diffusers_timesteps(Index num_channels, bool flip_sin_to_cos, double downscale_freq_shift,
                                    double scale = 1, double max_period = 1e4) {
  const Index half = num_channels / 2;
  detail::refuse_unless_dim("num_channels", num_channels);
  detail::refuse_unless_positive("max_period", max_period);
  detail::refuse_unless_finite("downscale_freq_shift", downscale_freq_shift);
  detail::refuse_unless(half <= 1 || detail::bits(downscale_freq_shift) != detail::bits(static_cast<double>(half)),
                        "downscale_freq_shift must differ from num_channels / 2", downscale_freq_shift);
  const Numbers frequency = geometric(half, max_period, downscale_freq_shift, scale);
  return padded(flip_sin_to_cos ? cosines_then_sines(frequency) : sines_then_cosines(frequency), num_channels);
}

/// [sin | cos] of given frequencies, in turns, the checkpoint's random W: 2 * size columns. t = log sigma. Source:
/// score_sde models/layerspp.py, GaussianFourierProjection; NCSN++ in EDM (SongUNet, after its swap of the halves).
inline Spectrum gaussian_fourier(const Numbers& frequencies) { return sines_then_cosines(frequencies); }

/// [cos | sin] of given frequencies, in turns: 2 * size columns. t = log sigma / 4, but for Stable Audio.
/// Source: EDM FourierEmbedding, as a module; k-diffusion FourierFeatures; Stable Audio.
inline Spectrum fourier_embedding(const Numbers& frequencies) { return cosines_then_sines(frequencies); }

/// cos(2pi (t f + p)) for given frequencies f and phases p, in turns: one column each. t = log sigma / 4. The gain
/// sqrt(2) of the originals is the caller's: `Eigen::MatrixXf out = embedding.embed(t) * std::sqrt(2.f)`. The
/// checkpoints of EDM2, DFoT and Cosmos hold 2pi f and 2pi p: mp_fourier(from_radians(freqs), from_radians(phases)).
/// Source: EDM2 MPFourier; AlphaFold 3; Boltz.
inline Spectrum mp_fourier(Numbers frequencies, Numbers phases) {
  return derivative({std::move(frequencies.values), std::move(phases.values)});
}

}}  // namespace phasor::PHASOR_NAMESPACE
