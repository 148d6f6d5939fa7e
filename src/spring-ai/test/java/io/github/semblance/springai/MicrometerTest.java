package io.github.semblance.springai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.github.semblance.embed.BagOfWordsEmbedder;
import io.github.semblance.embed.EmbeddingListener;
import io.github.semblance.embed.ObservedEmbedder;
import io.github.semblance.embed.TextEmbedder;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The lines in {@link EmbeddingListener}'s Javadoc make meters of calls. */
final class MicrometerTest {
  @Test
  void callsBecomeMeters() {
    MeterRegistry registry = new SimpleMeterRegistry();
    EmbeddingListener listener =
        call -> {
          registry.timer("semblance.embed", "query", "" + call.query()).record(call.took());
          registry.counter("semblance.embed.texts").increment(call.texts());
          registry.counter("semblance.embed.tokens").increment((double) call.tokens());
          registry.summary("semblance.embed.queue").record(call.underWay());
        };
    TextEmbedder embedder = new ObservedEmbedder(new BagOfWordsEmbedder(), listener);
    embedder.embedQuery("a");
    embedder.embedPassages(List.of("a", "b c"));
    assertEquals(3, registry.get("semblance.embed.texts").counter().count());
    assertEquals(10, registry.get("semblance.embed.tokens").counter().count());
    assertEquals(1, registry.get("semblance.embed").tag("query", "true").timer().count());
    assertEquals(1, registry.get("semblance.embed.queue").summary().max());
  }
}
