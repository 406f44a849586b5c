// phasor: timestep embeddings for diffusion models.
//
//   out(i, k) = sin(2π (t_i f_k + φ_k))
//
// f_k is a frequency in turns per unit of t, φ_k a phase in turns: 0 makes a sine, 1/4 a cosine, and f = φ = 0 a column
// of zeros. The order of sines and cosines, padding, time scales and random features are choices of the two vectors,
// which make up a Spectrum; every convention in use is a function that returns one.
//
//   phasor::PositionalEmbedding<float> embedding(phasor::adm(320));  // Stable Diffusion's; built once
//   auto out = embedding.embed(timesteps);                           // N x 320, at every sampling step
//
//   spectrum.hpp               Spectrum, and the words that build one
//   conventions.hpp            ddpm, adm, flux, …: whose embedding is which
//   positional_embedding.hpp   PositionalEmbedding<Scalar>: embed, embed_into, and the error of both
//   detail/kernel.hpp          how it is computed
//
// Compile every file of a program that includes it with the same -m flags, as with Eigen: tables are laid out for them.
#pragma once

#define PHASOR_VERSION_MAJOR 1
#define PHASOR_VERSION_MINOR 0
#define PHASOR_VERSION_PATCH 0

#include <phasor/conventions.hpp>
#include <phasor/positional_embedding.hpp>
#include <phasor/spectrum.hpp>
