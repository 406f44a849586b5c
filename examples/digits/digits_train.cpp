// digits_train: trains the classifier and the diffusion model on data/train.txt and writes their weights.
#include "options.hpp"
#include "train.hpp"
#include "weights.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace {

using namespace digits;

/// Trains the network. A terminal shows the loss, a mean over a hundredth of the training, and the time left; a
/// log has one line of the whole training.
template <typename Net>
void train_visibly(const char* name, Net& network, const Digits& data, const Training& training) {
  const bool visible = is_terminal(stdout);
  const auto start = std::chrono::steady_clock::now();
  const int interval = visible ? std::max(1, training.steps / 100) : training.steps;
  double sum = 0;
  train(network, data, training, [&](int step, double loss) {
    sum += loss;
    if (step % interval != 0) return;
    const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    std::printf("%s%s: step %d of %d, loss %.4f, %.0f s, %.0f s left  ", visible ? "\r" : "", name, step,
                training.steps, sum / interval, seconds, seconds * (training.steps - step) / step);
    std::fflush(stdout);
    sum = 0;
  });
  std::printf("\n");
}

void train_both(const Options& options) {
  const int steps = options.integer("--steps", 1, 1000000);
  const auto seed = static_cast<std::uint64_t>(options.integer("--seed", 0, 1000000000));
  const Digits data = load_digits(options.text("--data") + "/train.txt");
  const Digits held_out = load_digits(options.text("--data") + "/held_out.txt");
  refuse_unless_writable(options.text("--out"));
  Model model;
  train_visibly("classifier", model.classifier, data, {(steps + 2) / 3, 2e-3, seed});
  std::printf("classifier: reads %.1f %% of the held-out images\n",
              100 * model.classifier.accuracy(held_out.images, held_out.labels));
  train_visibly("denoiser", model.denoiser, data, {steps, 1e-3, seed});
  save_weights(options.text("--out"), model);
  std::printf("wrote %s\n", options.text("--out").c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv,
             {{"--steps", "8000", "updates of the diffusion model; the classifier has a third of them"},
              {"--seed", "1", "of the initial weights and the mini-batches"},
              {"--data", data_directory(argv[0]), "the directory of train.txt and held_out.txt"},
              {"--out", "digits.weights", "the file to write, whole at the end or not at all"}},
             train_both);
}
