#pragma once
#include <phasor/conventions.hpp>
#include <phasor/positional_embedding.hpp>
#include <phasor/spectrum.hpp>
