package io.github.semblance.langchain4j;

import dev.langchain4j.data.segment.TextSegment;
import dev.langchain4j.model.embedding.EmbeddingModel;
import dev.langchain4j.store.embedding.EmbeddingStore;
import dev.langchain4j.store.embedding.EmbeddingStoreAddAllContract;
import dev.langchain4j.store.embedding.EmbeddingStoreRemoveAllContract;
import dev.langchain4j.store.embedding.EmbeddingStoreWithFilteringIT;
import dev.langchain4j.store.embedding.EmbeddingStoreWithRemovalIT;
import java.io.IOException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/** LangChain4j's tests for every embedding store, all of them, as they are published. */
final class EmbeddingStoreContractTest {

  @Nested
  final class Finding extends EmbeddingStoreWithFilteringIT {
    private final Stores stores = new Stores();

    @Override
    protected EmbeddingStore<TextSegment> embeddingStore() {
      return stores.first();
    }

    @Override
    protected EmbeddingModel embeddingModel() {
      return stores.model;
    }

    @Override
    protected boolean supportsContains() {
      return true;
    }

    @AfterEach
    void close() throws IOException {
      stores.close();
    }
  }

  @Nested
  final class Removing extends EmbeddingStoreWithRemovalIT {
    private final Stores stores = new Stores();

    @Override
    protected EmbeddingStore<TextSegment> embeddingStore() {
      return stores.first();
    }

    @Override
    protected EmbeddingModel embeddingModel() {
      return stores.model;
    }

    @AfterEach
    void close() throws IOException {
      stores.close();
    }
  }

  @Nested
  final class AddingLists implements EmbeddingStoreAddAllContract {
    private final Stores stores = new Stores();

    @Override
    public EmbeddingStore<TextSegment> embeddingStore() {
      return stores.another();
    }

    @AfterEach
    void close() throws IOException {
      stores.close();
    }
  }

  @Nested
  final class RemovingLists implements EmbeddingStoreRemoveAllContract {
    private final Stores stores = new Stores();

    @Override
    public EmbeddingStore<TextSegment> embeddingStore() {
      return stores.another();
    }

    @AfterEach
    void close() throws IOException {
      stores.close();
    }
  }
}
