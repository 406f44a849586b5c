// The diffusion model end to end: its gradients, its training, its shipped weights and its programs.
#include "options.hpp"
#include "picture.hpp"
#include "sample.hpp"
#include "train.hpp"
#include "weights.hpp"

#include "../../tests/catch.hpp"

#include <cstdlib>
#include <filesystem>
#include <limits>
#include <numeric>

namespace {

using namespace digits;

const std::string shipped = PHASOR_DIGITS_DATA "/digits.weights";

std::string contents(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

void write(const std::string& path, const std::string& bytes) {
  std::ofstream(path, std::ios::binary) << bytes;
}

/// The largest |gradient - central difference| of the network's parameters, relative to the largest gradient;
/// loss(gradient) returns the loss and adds its gradient.
template <typename Net, typename Loss>
double gradient_error(Net& network, Loss loss) {
  Vector<double> gradient = Vector<double>::Zero(network.theta.size());
  Vector<double> unused = gradient, difference = gradient;
  loss(gradient);
  // The difference's error is h² L'''/6 from the curve and u L / h from rounding: least near h = ∛u.
  const double h = std::cbrt(std::numeric_limits<double>::epsilon());
  for (Index k = 0; k < network.theta.size(); ++k) {
    const double theta = network.theta(k);
    network.theta(k) = theta + h;
    const double above = loss(unused);
    network.theta(k) = theta - h;
    const double below = loss(unused);
    network.theta(k) = theta;
    difference(k) = (above - below) / (2 * h);
  }
  return (gradient - difference).cwiseAbs().maxCoeff() / gradient.cwiseAbs().maxCoeff();
}

// Both parts of the error are of the order h² = u^(2/3) = 4e-11, with the third derivative for a factor.
const double gradient_tolerance = 100 * std::pow(std::numeric_limits<double>::epsilon(), 2.0 / 3);

template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const std::exception& error) {
    return error.what();
  }
  return "nothing was thrown";
}

bool contains(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("digits: the denoiser's gradient is that of finite differences") {
  Random random(1);
  Denoiser<double> denoiser(6, 5, 7, 2);
  denoiser.initialise(random);
  random.fill_normal(denoiser.theta.transpose());  // biases too
  denoiser.theta /= 2;
  auto pass = denoiser.pass(3);
  random.fill_normal(pass.x);
  random.fill_normal(pass.e);
  pass.y(0, 3) = pass.y(2, 9) = 1;  // row 1 is the null class
  Matrix<double> target(3, pixels);
  random.fill_normal(target);
  CHECK(gradient_error(denoiser, [&](Vector<double>& gradient) {
          denoiser.forward(pass);
          denoiser.backward(pass, pass.epsilon - target, gradient);
          return (pass.epsilon - target).squaredNorm() / 2;
        }) < gradient_tolerance);
}

TEST_CASE("digits: the classifier's gradient is that of finite differences") {
  Random random(2);
  Classifier<double> classifier(5);
  classifier.initialise(random);
  Matrix<double> x(3, pixels), y = Matrix<double>::Zero(3, classes);
  random.fill_normal(x);
  y(0, 3) = y(1, 0) = y(2, 9) = 1;
  CHECK(gradient_error(classifier, [&](Vector<double>& gradient) {
          return classifier.loss(x, y, gradient);
        }) < gradient_tolerance);
}

TEST_CASE("digits: training lowers the loss, the same way each time") {
  const Digits data = load_digits(PHASOR_DIGITS_DATA "/train.txt");
  const auto losses = [&data] {
    Denoiser<float> denoiser;
    std::vector<double> each;
    train(denoiser, data, {60, 1e-3, 1}, [&each](int, double loss) { each.push_back(loss); });
    return each;
  };
  const auto first = losses();
  const auto sum = [&first](int begin) {
    return std::accumulate(&first[0] + begin, &first[0] + begin + 10, 0.0);
  };
  CHECK(sum(50) < sum(0) / 2);
  CHECK(losses() == first);
}

TEST_CASE("digits: the shipped weights read digits and draw them, with their own embedding") {
  const Model model = load_weights(shipped);
  const Digits held_out = load_digits(PHASOR_DIGITS_DATA "/held_out.txt");
  CHECK(model.classifier.accuracy(held_out.images, held_out.labels) >= 0.95);

  std::vector<int> labels;
  for (int i = 0; i < 200; ++i) labels.push_back(i % 10);
  const auto score = [&](const phasor::Spectrum& spectrum, double eta) {
    const phasor::PositionalEmbedding<float> embedding(spectrum);
    const Matrix<float> images = sample(model.denoiser, embedding, labels, {25, 0.5, eta, 1});
    CHECK(images.cwiseAbs().maxCoeff() <= 1);
    return model.classifier.accuracy(images, labels);
  };
  const Index dim = timestep_embedding().dim();
  CHECK(score(phasor::positional_embedding(dim), 0) >= 0.95);
  CHECK(score(phasor::positional_embedding(dim), 1) >= 0.95);
  CHECK(score(phasor::adm(dim), 0) < 0.9);
  CHECK(score(phasor::positional_embedding(dim, 1000), 0) < 0.9);
  CHECK(score(phasor::positional_embedding(dim, 0.001), 0) < 0.9);
}

TEST_CASE("digits: a sampling step allocates nothing") {
  const Model model = load_weights(shipped);
  const Sampling sampling{3, 0.5, 1, 1};
  // With EIGEN_RUNTIME_NO_MALLOC an allocation between the first step's end and the last's is a failed
  // assertion.
  const auto watch = [&sampling](int step, const Matrix<double>&) {
    Eigen::internal::set_is_malloc_allowed(step == sampling.steps);
  };
  sample(model.denoiser, timestep_embedding(), std::vector<int>(1000, 7), sampling, watch);
  Eigen::internal::set_is_malloc_allowed(true);
}

TEST_CASE("digits: weights come back bit by bit, and a wrong file is refused with its reason") {
  Model model;
  Random random(3);
  model.denoiser.initialise(random);
  model.classifier.initialise(random);
  const std::string path = "test_digits_file.weights";
  save_weights(path, model);
  CHECK(load_weights(path).denoiser.theta == model.denoiser.theta);
  CHECK(load_weights(path).classifier.theta == model.classifier.theta);
  CHECK_FALSE(std::filesystem::exists(path + ".partial"));

  const std::string good = contents(path);
  const auto refusal = [&path](const std::string& bytes) {
    write(path, bytes);
    return message_of([&path] { load_weights(path); });
  };
  CHECK(contains(refusal(""), "not a weights file"));
  CHECK(contains(refusal("\x89PNG\r\n\x1a\n and so on"), "not a weights file"));
  CHECK(contains(refusal(good.substr(0, 10)), "cut short"));
  CHECK(contains(refusal(good.substr(0, good.size() / 2)), "cut short"));
  CHECK(contains(refusal(good + "x"), "too long"));
  std::string other = good;
  other[12] = static_cast<char>(other[12] + 1);
  CHECK(contains(refusal(other), "other shapes"));
  std::string damaged = good;
  damaged[good.size() / 2] = static_cast<char>(damaged[good.size() / 2] ^ 1);
  CHECK(contains(refusal(damaged), "checksum"));
  std::filesystem::remove(path);
  CHECK(contains(message_of([&path] { load_weights(path); }), "cannot be read"));
  CHECK(contains(message_of([&model] { save_weights("no/such/directory/w", model); }), "cannot be written"));
}

TEST_CASE("digits: the programs run end to end, and refuse wrong options") {
  namespace fs = std::filesystem;
  fs::create_directory("test_digits");
  const auto run_program = [](const std::string& command) {
    return std::system(("cd test_digits && " + command + " >out 2>err").c_str());
  };
  const std::string draw = "\"" DIGITS_SAMPLE "\" --count 1 --steps 5 --out ";
  CHECK(run_program("\"" DIGITS_TRAIN "\" --steps 3 --out few.weights") == 0);
  CHECK(run_program(draw + "untrained.png --weights few.weights") == 0);
  CHECK(run_program(draw + "a.png --seed 7 --strip strip.png") == 0);
  CHECK(contains(contents("test_digits/out"), "10 digits read as their class"));
  CHECK(contents("test_digits/err").empty());  // a log has no progress in it
  CHECK(fs::file_size("test_digits/strip.png") > fs::file_size("test_digits/a.png"));
  CHECK(run_program(draw + "b.png --seed 7 --sampler ddim") == 0);
  CHECK(contents("test_digits/a.png") == contents("test_digits/b.png"));
  CHECK(run_program(draw + "b.png --seed 7 --sampler ddpm --guidance 1") == 0);
  CHECK(contents("test_digits/a.png") != contents("test_digits/b.png"));
  CHECK(run_program(draw + "b.png --class 3") == 0);
  CHECK(contains(contents("test_digits/out"), "1 digits read as their class"));

  for (const auto& [options, message] : std::vector<std::pair<std::string, std::string>>{
           {"--stpes 5", "no option --stpes"},
           {"--steps", "--steps needs a value"},
           {"--steps 0", "--steps must be a number of 1 ... 1000, not \"0\""},
           {"--steps 2.5", "--steps must be an integer"},
           {"--steps many", "not \"many\""},
           {"--class 10", "--class must be"},
           {"--sampler euler", "ddim or ddpm"},
           {"--guidance nan", "--guidance must be"},
           {"--weights no/such/file", "no/such/file: cannot be read"},
           {"--out no/such/directory/a.png --weights no/such/file", "a.png: cannot be written"},  // before all else
           {"--strip no/such/directory/a.png", "a.png: cannot be written"}}) {
    INFO(options);
    CHECK(run_program(draw + "c.png " + options) != 0);
    CHECK(contains(contents("test_digits/err"), message));
  }
  CHECK_FALSE(fs::exists("test_digits/c.png"));
  fs::remove_all("test_digits");
}
