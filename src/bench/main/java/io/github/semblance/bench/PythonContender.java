package io.github.semblance.bench;

import io.github.semblance.bert.Precision;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.lucene.util.IOUtils;
import tools.jackson.databind.json.JsonMapper;

/**
 * An embedder of Python, in a process of its own that is asked through a pipe: {@code peers.py}
 * holds the conversation. A request costs a query .1 ms or less.
 */
final class PythonContender implements Contender {
  private static final int MAX_TOKENS = 256;

  private final String name;
  private final Precision precision;
  private final Process process;
  private final DataInputStream answers;
  private final DataOutputStream requests;

  private PythonContender(String name, Precision precision, Process process) {
    this.name = name;
    this.precision = precision;
    this.process = process;
    this.answers = new DataInputStream(new BufferedInputStream(process.getInputStream()));
    this.requests = new DataOutputStream(process.getOutputStream());
  }

  /**
   * Those that are installed; says of the others why they are left out.
   *
   * @param python the interpreter whose packages are looked for
   * @param model what sentence-transformers calls the model: a folder, or a name in its cache
   */
  static List<PythonContender> installed(String python, String model) throws IOException {
    List<PythonContender> found = new ArrayList<>();
    Path folder = Files.createTempDirectory("semblance-peers");
    Path script = folder.resolve("peers.py");
    try (InputStream in = PythonContender.class.getResourceAsStream("peers.py")) {
      if (in == null) {
        throw new FileNotFoundException("peers.py is not on the class path");
      }
      Files.copy(in, script);
    }
    Path tokenizer = Files.write(folder.resolve("tokenizer.json"), PeerFiles.tokenizerJson());
    for (Precision precision : Precision.values()) {
      Path onnx = Files.write(folder.resolve(precision + ".onnx"), PeerFiles.onnx(precision));
      start(
              "python onnx " + precision.name().toLowerCase(Locale.ROOT),
              precision,
              List.of(
                  python,
                  script.toString(),
                  "onnxruntime",
                  onnx.toString(),
                  tokenizer.toString(),
                  Integer.toString(MAX_TOKENS)))
          .ifPresent(found::add);
    }
    start(
            "sentence-transformers",
            Precision.FP32,
            List.of(python, script.toString(), "sentence-transformers", model))
        .ifPresent(found::add);
    IOUtils.rm(folder); // models are loaded by now
    return found;
  }

  private static Optional<PythonContender> start(
      String name, Precision precision, List<String> command) {
    PythonContender started;
    String greeting;
    try {
      started =
          new PythonContender(
              name,
              precision,
              new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start());
      greeting = started.line();
    } catch (IOException e) {
      System.out.printf(Locale.ROOT, "Without %s: %s%n", name, e.getMessage());
      return Optional.empty();
    }
    if (!greeting.startsWith("ready ")) {
      System.out.printf(Locale.ROOT, "Without %s: %s%n", name, greeting);
      started.close();
      return Optional.empty();
    }
    System.out.printf(Locale.ROOT, "%s: %s%n", name, greeting.substring("ready ".length()));
    return Optional.of(started);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = answers.read(); next != '\n' && next >= 0; next = answers.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public Precision precision() {
    return precision;
  }

  @Override
  public int maxTokens() {
    return MAX_TOKENS;
  }

  @Override
  public List<float[]> embed(List<String> texts) {
    try {
      byte[] json = JsonMapper.shared().writeValueAsString(texts).getBytes(StandardCharsets.UTF_8);
      requests.writeInt(json.length);
      requests.write(json);
      requests.flush();
      float[][] vectors = new float[answers.readInt()][answers.readInt()];
      for (float[] vector : vectors) {
        ByteBuffer.wrap(answers.readNBytes(vector.length * Float.BYTES))
            .asFloatBuffer()
            .get(vector);
      }
      return List.of(vectors);
    } catch (IOException e) {
      throw new UncheckedIOException(name + " ended", e);
    }
  }

  @Override
  public float[] embedQuery(String query) {
    return embed(List.of(query)).get(0);
  }

  @Override
  public double cpuSecondsElsewhere() {
    return Machine.cpuSeconds(process.pid());
  }

  @Override
  public void close() {
    process.destroy();
  }
}
