// phasor: names alone, for headers that mention an embedding and do not use it.
#pragma once

#include <phasor/detail/targets.hpp>

namespace phasor { inline namespace PHASOR_NAMESPACE {

struct Spectrum;

template <typename Scalar>
class BufferEmbedding;

template <typename Scalar>
class PositionalEmbedding;

}}  // namespace phasor::PHASOR_NAMESPACE
