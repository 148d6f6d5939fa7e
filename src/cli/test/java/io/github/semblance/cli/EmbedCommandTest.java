package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

final class EmbedCommandTest {
  @TempDir private Path folder;

  private static Run embed(String input, String... options) {
    return embed(input.getBytes(StandardCharsets.UTF_8), options);
  }

  private static Run embed(byte[] input, String... options) {
    List<String> arguments = new ArrayList<>(List.of("embed"));
    arguments.addAll(List.of(options));
    return Run.withInput(input, arguments.toArray(String[]::new));
  }

  private static List<JsonNode> lines(Run run) {
    return run.out().lines().map(line -> JsonMapper.shared().readTree(line)).toList();
  }

  private static double[] vector(JsonNode line) {
    return line.get("vector").valueStream().mapToDouble(JsonNode::asDouble).toArray();
  }

  private static double dot(double[] a, double[] b) {
    double sum = 0;
    for (int i = 0; i < a.length; i++) {
      sum += a[i] * b[i];
    }
    return sum;
  }

  /** The similarities that the model's card states for its example. */
  @Test
  void agreesWithTheModelCard() {
    Run run =
        embed(
            """
            That is a happy person
            That is a happy dog
            That is a very happy person
            Today is a sunny day
            """);
    List<JsonNode> lines = lines(run.succeeds());
    assertEquals(4, lines.size());
    assertEquals(Set.of("text", "tokens", "vector"), Set.copyOf(lines.get(0).propertyNames()));
    assertEquals("That is a happy person", lines.get(0).get("text").asString());
    assertEquals(7, lines.get(0).get("tokens").asInt());
    double[] first = vector(lines.get(0));
    assertEquals(384, first.length);
    assertEquals(1, dot(first, first), 1e-5);
    assertEquals(0.6946, dot(first, vector(lines.get(1))), 5e-5);
    assertEquals(0.9429, dot(first, vector(lines.get(2))), 5e-5);
    assertEquals(0.2569, dot(first, vector(lines.get(3))), 5e-5);
  }

  @Test
  void optionsChangeTheVector() throws IOException {
    String model = TinyModel.write(folder, 1);
    Files.writeString(
        folder.resolve("config_sentence_transformers.json"),
        "{\"prompts\":{\"query\":\"q \",\"passage\":\"p \"}}");
    JsonNode passage = lines(embed("text\n", "--model", model).succeeds()).get(0);
    JsonNode same = lines(embed("text", "--model", model, "--kind", "PASSAGE").succeeds()).get(0);
    JsonNode query = lines(embed("text", "--model", model, "--kind", "query").succeeds()).get(0);
    assertEquals("text", query.get("text").asString());
    assertEquals(4 + 1 + 2, passage.get("tokens").asInt());
    assertArrayEquals(vector(passage), vector(same));
    assertNotEquals(Arrays.toString(vector(passage)), Arrays.toString(vector(query)));
    double[] raw =
        vector(lines(embed("text", "--model", model, "--normalize", "false").succeeds()).get(0));
    double[] unit =
        vector(lines(embed("text", "--model", model, "--normalize", "true").succeeds()).get(0));
    assertEquals(1, dot(unit, unit), 1e-5);
    assertNotEquals(1, dot(raw, raw), 1e-3);
    assertEquals(1, dot(raw, unit) / Math.sqrt(dot(raw, raw)), 1e-5);
    embed("x", "--model", model, "--kind", "nosuch").fails(2, "--kind", "nosuch");
    embed("x", "--model", model, "--normalize", "perhaps").fails(2, "--normalize", "perhaps");
  }

  @Test
  void everyLineHasItsVector() throws IOException {
    String model = TinyModel.write(folder, 1);
    StringBuilder input = new StringBuilder("windows\r\n\n");
    for (int i = 0; i < 1000; i++) {
      input.append("line ").append(i).append('\n');
    }
    List<JsonNode> lines = lines(embed(input.toString(), "--model", model).succeeds());
    assertEquals(1002, lines.size());
    assertEquals("windows", lines.get(0).get("text").asString());
    assertEquals("", lines.get(1).get("text").asString());
    assertEquals(2, lines.get(1).get("tokens").asInt());
    assertEquals("line 999", lines.get(1001).get("text").asString());
    assertEquals("", embed("", "--model", model).succeeds().out());
  }

  @Test
  void longTextsAreCutAndCounted() throws IOException {
    String model = TinyModel.write(folder, 1);
    Run run = embed("short\n" + (TinyModel.WORD + " ").repeat(50_000) + "\n", "--model", model);
    assertEquals(0, run.code());
    assertEquals(512, lines(run).get(1).get("tokens").asInt());
    assertEquals(
        "semblance: 1 texts were longer than the window of 512 word pieces and were cut\n",
        run.err());
  }

  @Test
  void invalidUtf8EndsAfterTheLinesBefore() throws IOException {
    String model = TinyModel.write(folder, 1);
    Run run =
        embed("good\nb\u00e4d\nnever\n".getBytes(StandardCharsets.ISO_8859_1), "--model", model);
    assertEquals(1, run.code());
    assertEquals("semblance: standard input:2: invalid UTF-8\n", run.err());
    assertEquals(1, lines(run).size());
  }

  @Test
  void unknownModel() {
    embed("x", "--model", "nosuch").fails(2, "nosuch", "all-MiniLM-L6-v2");
    embed("x", "--model", "hf:nobody/nothing").fails(1, "hf:nobody/nothing", "models pull");
    embed("x", "--model", folder.toString()).fails(1, folder.toString(), "config.json");
  }
}
