package io.github.semblance.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.store.embedding.EmbeddingStore;
import io.github.semblance.embed.BagOfWordsEmbedder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** New stores in folders that go with them. */
final class Stores implements AutoCloseable {
  final SemblanceEmbeddingModel model = SemblanceEmbeddingModel.of(new BagOfWordsEmbedder());
  private final List<SemblanceEmbeddingStore> open = new ArrayList<>();
  private final List<Path> folders = new ArrayList<>();

  SemblanceEmbeddingStore another() {
    SemblanceEmbeddingStore store = SemblanceEmbeddingStore.open(folder(), model);
    open.add(store);
    return store;
  }

  EmbeddingStore<TextSegment> first() {
    return open.isEmpty() ? another() : open.getFirst();
  }

  Path folder() {
    try {
      folders.add(Files.createTempDirectory("semblance-langchain4j"));
      return folders.getLast();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    open.forEach(SemblanceEmbeddingStore::close);
    for (Path folder : folders) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
