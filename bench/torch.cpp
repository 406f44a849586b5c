#include "torch.hpp"

#include <torch/torch.h>

#include <cmath>

namespace bench {

namespace {

torch::Tensor frequencies(std::int64_t half) {
  return torch::exp(torch::arange(half, torch::kFloat32) * (-std::log(1e4) / static_cast<double>(half)));
}

torch::Tensor waves(const torch::Tensor& t, const torch::Tensor& w) {
  const torch::Tensor angles = t.unsqueeze(1) * w.unsqueeze(0);
  return torch::cat({torch::sin(angles), torch::cos(angles)}, -1);
}

}  // namespace

struct Torch::State {
  Way way;
  std::int64_t rows, half;
  torch::Tensor kept, result;
};

Torch::Torch(Way way, std::int64_t rows, std::int64_t dim) : state_(new State{way, rows, dim / 2, {}, {}}) {
  at::set_num_threads(1);  // one core, like everybody here
  if (way == Way::frequencies) state_->kept = frequencies(dim / 2);
  if (way == Way::lookup) state_->kept = waves(torch::arange(1000, torch::kFloat32), frequencies(dim / 2));
}
Torch::~Torch() = default;
Torch::Torch(Torch&&) noexcept = default;

void Torch::operator()(const float* t) {
  const torch::InferenceMode no_gradients;
  const torch::Tensor steps = torch::from_blob(const_cast<float*>(t), {state_->rows}, torch::kFloat32);
  state_->result = waves(steps, state_->way == Way::chain ? frequencies(state_->half) : state_->kept);
}

void Torch::operator()(const std::int64_t* t) {
  const torch::InferenceMode no_gradients;
  const torch::Tensor steps = torch::from_blob(const_cast<std::int64_t*>(t), {state_->rows}, torch::kInt64);
  state_->result = torch::index_select(state_->kept, 0, steps);
}

const float* Torch::result() const { return state_->result.data_ptr<float>(); }

}  // namespace bench
