package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** {@code models} and {@code doctor}. */
final class ModelCommandsTest {

  @Test
  void modelsAreListed() {
    List<String> lines = Run.of("models").succeeds().out().lines().toList();
    assertEquals(
        List.of(
            "MODEL", "DIM", "WINDOW", "POOLING", "SIZE", "LICENCE", "LANG", "HERE", "FINGERPRINT"),
        List.of(lines.get(0).split(" +", -1)));
    assertTrue(
        lines.get(1).matches("all-MiniLM-L6-v2 +384 +256 +mean .* en +yes .*"), lines.get(1));
    assertTrue(lines.size() >= 5, lines.toString());
    assertTrue(lines.stream().allMatch(line -> line.length() <= 100), lines.toString());
  }

  @Test
  void modelsAreListedInJson() {
    JsonNode models = Run.of("models", "--json").succeeds().json().get("models");
    JsonNode first = models.get(0);
    assertEquals("all-MiniLM-L6-v2", first.get("name").asString());
    assertEquals(384, first.get("dimension").asInt());
    assertEquals(256, first.get("window").asInt());
    assertTrue(first.get("here").asBoolean());
    assertEquals(
        Set.of(
            "name",
            "dimension",
            "window",
            "pooling",
            "download_bytes",
            "licence",
            "source",
            "languages",
            "here",
            "location",
            "fingerprint"),
        Set.copyOf(first.propertyNames()));
  }

  @Test
  void pullOfWhatIsHereFetchesNothing() {
    String out = Run.of("models", "pull", "all-MiniLM-L6-v2").succeeds().out();
    assertTrue(out.startsWith("all-MiniLM-L6-v2 is here: "), out);
  }

  @Test
  void pullOfWhatCannotBe() {
    Run.of("models", "pull", "nosuch").fails(2, "nosuch", "all-MiniLM-L6-v2");
    Run.of("models", "pull", "hf:a/b/c").fails(2, "hf:a/b/c");
  }

  @Test
  void doctorFindsThisMachineWell() {
    JsonNode json = Run.of("doctor", "--json").succeeds().json();
    assertTrue(json.get("ok").asBoolean());
    assertEquals(
        List.of("jdk", "simd", "threads", "natives", "model", "vectors", "queries"),
        json.get("checks").valueStream().map(check -> check.get("name").asString()).toList());
    JsonNode vectors = json.get("checks").get(5);
    assertTrue(vectors.get("detail").asString().contains("0.6946, published: 0.6946"));
    String text = Run.inColumns(60, "doctor").succeeds().out();
    assertTrue(text.lines().allMatch(line -> line.length() <= 60), text);
    assertFalse(text.contains("; up to "), text);
  }

  @Test
  void doctorTellsWhatIsWrong() {
    Run run = Run.of("doctor", "--model", "nosuch");
    assertEquals(1, run.code());
    assertEquals("", run.err());
    List<String> lines = run.out().lines().toList();
    assertTrue(lines.get(0).matches("ok +jdk .*"), run.out());
    assertTrue(lines.get(4).matches("FAIL +model .*all-MiniLM-L6-v2.*"), run.out());
    assertTrue(lines.getLast().matches(" {14}.* got: nosuch"), run.out());
    assertTrue(lines.stream().allMatch(line -> line.length() <= 100), run.out());
  }
}
