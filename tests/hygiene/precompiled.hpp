#include <phasor/phasor.hpp>
