// A Python module: timesteps.Embedding(320)([981, 961]) is a numpy array of 2 x 320. 10_python.py tries it.
#include <phasor/buffer_embedding.hpp>
#include <pybind11/numpy.h>

PYBIND11_MODULE(timesteps, module) {
  using Embedding = phasor::BufferEmbedding<float>;
  using Timesteps = pybind11::array_t<double, pybind11::array::c_style | pybind11::array::forcecast>;
  pybind11::class_<Embedding>(module, "Embedding")
      .def(pybind11::init([](phasor::Index dim) { return Embedding(phasor::adm(dim)); }))
      .def("__call__", [](const Embedding& embedding, const Timesteps& t) {
        pybind11::array_t<float> out({t.size(), embedding.dim()});
        embedding.embed_into(t.data(), t.size(), out.mutable_data(), embedding.dim());
        return out;
      });
}
