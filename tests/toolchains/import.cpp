import embeddings;

int main() {
  const phasor::BufferEmbedding<float> floats(phasor::adm(64));
  const phasor::BufferEmbedding<double> doubles(phasor::adm(64));
  float out[64];
  double more[64];
  floats.embed_into(1.5, out);
  doubles.embed_into(1.5, more);
  return out[0] - more[0] < 1e-7 && more[0] - out[0] < 1e-7 ? 0 : 1;
}
