package io.github.semblance.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.TextEmbedder;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.ai.document.Document;
import org.springframework.ai.embedding.EmbeddingModel;
import org.springframework.ai.vectorstore.VectorStore;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

/** What Boot makes of the properties. */
@SuppressWarnings("NullAway.Init") // JUnit sets the folder
final class AutoConfigurationTest {
  @TempDir Path folder;

  private final ApplicationContextRunner boot =
      new ApplicationContextRunner()
          .withConfiguration(
              AutoConfigurations.of(
                  SemblanceEmbeddingAutoConfiguration.class,
                  SemblanceVectorStoreAutoConfiguration.class));

  private final ApplicationContextRunner withFake =
      boot.withBean(TextEmbedder.class, BagOfWordsEmbedder::new);

  @Test
  void aPathMakesAVectorStore() {
    withFake
        .withPropertyValues(
            "semblance.vectorstore.path=" + folder,
            "semblance.vectorstore.mode=hybrid",
            "semblance.vectorstore.analyzer=german",
            "semblance.vectorstore.quantization=int8")
        .run(
            context -> {
              VectorStore store = context.getBean(VectorStore.class);
              store.add(List.of(new Document("x", "Pumpen", Map.of())));
              assertEquals("x", store.similaritySearch("Pumpe").getFirst().getId());
            });
    // The index is closed with the context, so that the next one can open it.
    withFake
        .withPropertyValues("semblance.vectorstore.path=" + folder)
        .run(
            context -> {
              Throwable failure = context.getStartupFailure();
              assertNotNull(failure);
              FailureAnalysis analysis = new SemblanceFailureAnalyzer().analyze(failure);
              assertNotNull(analysis);
              assertTrue(
                  analysis.getDescription().contains("was written with analyzer german"),
                  analysis.getDescription());
              assertTrue(
                  String.valueOf(analysis.getAction()).contains("semblance.vectorstore.path"));
            });
  }

  @Test
  void withoutAPathThereIsTheModelAlone() {
    withFake.run(
        context -> {
          assertEquals(0, context.getBeansOfType(VectorStore.class).size());
          assertEquals(32, context.getBean(EmbeddingModel.class).dimensions());
        });
  }

  @Test
  void springAisOwnPropertiesSwitchItOff() {
    withFake
        .withPropertyValues(
            "spring.ai.model.embedding=openai",
            "spring.ai.vectorstore.type=redis",
            "semblance.vectorstore.path=" + folder)
        .run(
            context -> {
              assertEquals(0, context.getBeansOfType(VectorStore.class).size());
              assertEquals(0, context.getBeansOfType(EmbeddingModel.class).size());
            });
  }

  @Test
  void anUnknownModelIsExplained() {
    boot.withPropertyValues("semblance.embedding.model=no-such-model")
        .run(
            context -> {
              Throwable failure = context.getStartupFailure();
              assertNotNull(failure);
              FailureAnalysis analysis = new SemblanceFailureAnalyzer().analyze(failure);
              assertNotNull(analysis);
              assertTrue(
                  analysis.getDescription().contains("no-such-model"), analysis.getDescription());
              assertTrue(
                  String.valueOf(analysis.getAction()).contains("semblance.embedding.model"));
            });
  }

  @Test
  void thePropertiesAreDescribed() throws IOException {
    StringBuilder all = new StringBuilder();
    for (URL file :
        Collections.list(
            SemblanceVectorStore.class
                .getClassLoader()
                .getResources("META-INF/spring-configuration-metadata.json"))) {
      try (InputStream content = file.openStream()) {
        all.append(new String(content.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    String metadata = all.toString();
    for (String property :
        List.of(
            "semblance.embedding.model",
            "semblance.embedding.precision",
            "semblance.embedding.threads",
            "semblance.embedding.fail-on-truncation",
            "semblance.embedding.metadata-mode",
            "semblance.vectorstore.path",
            "semblance.vectorstore.mode",
            "semblance.vectorstore.analyzer",
            "semblance.vectorstore.quantization",
            "semblance.vectorstore.model-name")) {
      int at = metadata.indexOf("\"" + property + "\"");
      assertTrue(at > 0, property);
      assertTrue(metadata.substring(at, metadata.indexOf('}', at)).contains("description"));
    }
  }
}
