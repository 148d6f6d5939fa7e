package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReferenceTest {
  @Test
  void tellsTheKindsApart(@TempDir Path folder) throws CheckpointException {
    ModelReference.Catalogued known =
        assertInstanceOf(ModelReference.Catalogued.class, ModelReference.parse("ALL-minilm-l6-v2"));
    assertEquals("all-MiniLM-L6-v2", known.entry().name());
    assertEquals(
        new ModelReference.HubRepository("org/name.v1-x", "main"),
        ModelReference.parse("hf:org/name.v1-x"));
    assertEquals(
        new ModelReference.HubRepository("bert-base-cased", "refs/pr/12"),
        ModelReference.parse("hf:bert-base-cased@refs/pr/12"));
    assertEquals(
        new ModelReference.MavenJar("com.example", "a_b-c", "1.0-rc.1"),
        ModelReference.parse("mvn:com.example:a_b-c:1.0-rc.1"));
    assertEquals(new ModelReference.Folder(folder), ModelReference.parse(folder.toString() + "/."));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "hf:",
        "hf:../../etc",
        "hf:org/..",
        "hf:org/name@../x",
        "hf:org/name@",
        "hf:a/b/c",
        "hf:org/na me",
        "mvn:a:b",
        "mvn:a:b:c:d",
        "mvn:..:b:1",
        "mvn:a/b:c:1",
        "mvn:a:b:[1,2)"
      })
  void refusesWhatMayLeaveACache(String model) {
    String message = Refusal.of(() -> ModelReference.parse(model));
    assertTrue(message.endsWith("got: " + model), message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-model", "./all-MiniLM-L6-v2", "a\0b", "pom.xml"})
  void saysWhatAModelMayBeCalled(String model) {
    String message = Refusal.of(() -> ModelReference.parse(model));
    assertTrue(message.contains("all-MiniLM-L6-v2, bert-base-uncased"), message);
    assertTrue(message.endsWith("got: " + model), message);
  }
}
