// phasor: timestep embeddings for diffusion models.
//
//   out(i, k) = sin(2pi (t_i f_k + p_k))
//
// f_k is a frequency in turns per unit of t, p_k a phase in turns: 0 makes a sine, 1/4 a cosine, and f = p = 0 a column
// of zeros. The order of sines and cosines, padding, time scales and random features are choices of the two vectors,
// which make up a Spectrum; every convention in use is a function that returns one.
//
//   phasor::PositionalEmbedding<float> embedding(phasor::adm(320));  // Stable Diffusion's; built once
//   auto out = embedding.embed(timesteps);                           // N x 320, at every sampling step
//
//   spectrum.hpp              Spectrum, and the words that build one
//   conventions.hpp           ddpm, adm, flux, ...: whose embedding is which
//   buffer_embedding.hpp      BufferEmbedding<Scalar>: into memory that you have, without Eigen; the error of all
//   positional_embedding.hpp  PositionalEmbedding<Scalar>: the same, and Eigen's matrices in and out
//   fwd.hpp                   their names alone
//
// How it works, in the order of reading:
//
//   detail/types.hpp          the words of all below
//   detail/arithmetic.hpp     an angle, and its sine and cosine: what is proved
//   detail/loops.hpp          reduce, evaluate, store: once for each instruction set
//   detail/blocks.hpp         rows, columns, and what stands elsewhere: once for all
//   detail/plan.hpp           a Spectrum as the numbers that kernels read
//   detail/times.hpp          timesteps of any type as what kernels read
//   detail/exact.hpp          angles in integers, beyond the reach of floating-point
//   detail/wide.hpp           frequencies that are right to the last place
//   detail/vectors.hpp        the vectors of one instruction set
//   detail/kernels.hpp        the loops, once for each instruction set, and the choice among them
//   detail/targets.hpp        which instruction sets; where to add one
//   detail/namespace.hpp      files of different flags share nothing
//   detail/checks.hpp         Index, the bits of numbers, and how wrong arguments are refused
#pragma once

#include <phasor/positional_embedding.hpp>
