// digits_sample: draws digits with the trained diffusion model, as a PNG picture with a row for each digit.
#include "data.hpp"
#include "options.hpp"
#include "picture.hpp"
#include "sample.hpp"
#include "weights.hpp"

#include <cstdio>

namespace {

using namespace digits;

void draw(const Options& options) {
  Sampling sampling;
  sampling.steps = options.integer("--steps", 1, T);
  sampling.guidance = options.number("--guidance", 0, 100);
  sampling.seed = static_cast<std::uint64_t>(options.integer("--seed", 0, 1000000000));
  const std::string& sampler = options.text("--sampler");
  if (sampler != "ddim" && sampler != "ddpm") throw std::invalid_argument("--sampler must be ddim or ddpm");
  sampling.eta = sampler == "ddpm" ? 1 : 0;
  const int count = options.integer("--count", 1, 1000);
  const bool all = options.text("--class") == "all";
  const int first = all ? 0 : options.integer("--class", 0, 9);
  const int last = all ? 9 : first;
  std::vector<int> labels;
  for (int digit = first; digit <= last; ++digit)
    labels.insert(labels.end(), static_cast<std::size_t>(count), digit);

  const std::string &out = options.text("--out"), &strip_out = options.text("--strip");
  refuse_unless_writable(out);
  if (!strip_out.empty()) refuse_unless_writable(strip_out);

  // The strip: the first image of each digit, a column for each step.
  const auto rows = static_cast<Index>(last - first + 1);
  Matrix<float> strip(rows * sampling.steps, pixels);
  const bool visible = is_terminal(stderr);
  const auto watch = [&](int step, const Matrix<double>& x) {
    for (Index row = 0; row < rows; ++row)
      strip.row(row * sampling.steps + step - 1) = x.row(row * count).cast<float>();
    if (visible) std::fprintf(stderr, "\rstep %d of %d ", step, sampling.steps);
  };

  const Model model = load_weights(options.text("--weights"));
  const Matrix<float> images = sample(model.denoiser, timestep_embedding(), labels, sampling, watch);
  if (visible) std::fprintf(stderr, "\n");
  write_png(out, images, count);
  if (!strip_out.empty()) write_png(strip_out, strip, sampling.steps);
  std::printf("%.1f %% of %zu digits read as their class; wrote %s\n",
              100 * model.classifier.accuracy(images, labels), labels.size(), out.c_str());
}

}  // namespace

int main(int argc, char** argv) {
  return run(argc, argv,
             {{"--sampler", "ddim", "ddim or ddpm (ancestral)"},
              {"--steps", std::to_string(Sampling{}.steps), "sampling steps, 1 ... 1000"},
              {"--guidance", std::to_string(Sampling{}.guidance), "the guidance weight w; 0 is none"},
              {"--seed", "1", "of the noise"},
              {"--class", "all", "the digit to draw, 0 ... 9 or all"},
              {"--count", "10", "images of each digit"},
              {"--out", "digits.png", "the picture to write, a row for each digit"},
              {"--strip", "", "a second picture: a row for each digit, a column for each step"},
              {"--weights", data_directory(argv[0]) + "/digits.weights", "the file that digits_train wrote"}},
             draw);
}
