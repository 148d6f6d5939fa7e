package io.github.semblance.opensearch;

import io.github.semblance.embed.EmbeddingModel;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.search.ClosestSentence;
import java.io.Closeable;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.opensearch.core.concurrency.OpenSearchRejectedExecutionException;

/**
 * The models that a node may use. Each is loaded when it is used first; a bounded number of them is
 * held at a time, and those that nobody has used for a while are released, but for the first, which
 * stays. Thread-safe: a model that is being used is not released.
 */
final class LoadedModels implements Closeable {
  private final Map<String, Entry> entries = new LinkedHashMap<>();
  private final int mostLoaded;
  private final LongSupplier nanoTime;
  private boolean closed;

  /**
   * A model in memory.
   *
   * @param sentences finds those that are shown, and remembers them
   */
  record Loaded(TextEmbedder embedder, ClosestSentence sentences) {}

  private static final class Entry {
    private final Function<String, TextEmbedder> loader;
    private final String name;

    /** Known once it was loaded; stays known when it is released. */
    private volatile @Nullable EmbeddingModel facts;

    private @Nullable Loaded loaded;
    private boolean loading;
    private int users;
    private long lastUse;

    Entry(String name, Function<String, TextEmbedder> loader) {
      this.name = name;
      this.loader = loader;
    }

    boolean isHeld() {
      return loaded != null || loading;
    }
  }

  /**
   * Loads nothing yet.
   *
   * @param names the default first
   * @param loader of a model by its name
   * @param mostLoaded at a time, at least 1
   * @param nanoTime the clock
   */
  LoadedModels(
      List<String> names,
      Function<String, TextEmbedder> loader,
      int mostLoaded,
      LongSupplier nanoTime) {
    names.forEach(name -> entries.put(name, new Entry(name, loader)));
    this.mostLoaded = mostLoaded;
    this.nanoTime = nanoTime;
  }

  /** All that may be used. */
  List<String> names() {
    return List.copyOf(entries.keySet());
  }

  /** Which are in memory. */
  synchronized List<String> loaded() {
    return entries.values().stream()
        .filter(one -> one.loaded != null)
        .map(one -> one.name)
        .toList();
  }

  /**
   * What is known of a model, which is loaded if it never was.
   *
   * @throws IllegalArgumentException if the node may not use it
   */
  EmbeddingModel facts(String name) {
    EmbeddingModel known = entry(name).facts;
    return known == null ? with(name, model -> model.embedder().model()) : known;
  }

  /**
   * Uses a model while it cannot be released.
   *
   * @throws IllegalArgumentException if the node may not use it
   * @throws OpenSearchRejectedExecutionException if as many others as may be loaded are in use
   */
  <T> T with(String name, Function<Loaded, T> use) {
    Entry entry = entry(name);
    Loaded loaded = acquire(entry);
    try {
      return use.apply(loaded);
    } finally {
      synchronized (this) {
        entry.users--;
        entry.lastUse = nanoTime.getAsLong();
      }
    }
  }

  private Entry entry(String name) {
    Entry entry = entries.get(name);
    if (entry == null) {
      throw new IllegalArgumentException(
          "this node may not use the model ["
              + name
              + "]: its semblance.model and semblance.models are "
              + entries.keySet()
              + " (none with semblance.models_loaded: 0); add the model there, or ask a node that has"
              + " it");
    }
    return entry;
  }

  private Loaded acquire(Entry entry) {
    synchronized (entry) { // one thread loads it, for seconds, during which others are used
      synchronized (this) {
        if (closed) {
          throw new IllegalStateException("the node is closing");
        }
        if (entry.loaded != null) {
          entry.users++;
          return entry.loaded;
        }
        makeRoom();
        entry.loading = true;
      }
      Loaded loaded = null;
      try {
        TextEmbedder embedder = entry.loader.apply(entry.name);
        loaded = new Loaded(embedder, new ClosestSentence(embedder));
        return loaded;
      } finally {
        synchronized (this) {
          entry.loading = false;
          if (loaded != null) {
            entry.loaded = loaded;
            entry.users++;
            entry.facts = loaded.embedder().model();
          }
        }
      }
    }
  }

  /** Releases the model that was not used for the longest time if too many are loaded. */
  private void makeRoom() {
    List<Entry> held = new ArrayList<>(entries.values().stream().filter(Entry::isHeld).toList());
    if (held.size() < mostLoaded) {
      return;
    }
    Entry oldest =
        held.stream()
            .filter(one -> one.users == 0 && one.loaded != null)
            .min(Comparator.comparingLong(one -> one.lastUse))
            .orElseThrow(
                () ->
                    new OpenSearchRejectedExecutionException(
                        "all "
                            + mostLoaded
                            + " models that may be loaded (semblance.models_loaded) are in use: "
                            + held.stream().map(one -> one.name).toList()));
    release(oldest);
  }

  private static void release(Entry entry) {
    Loaded loaded = entry.loaded;
    entry.loaded = null;
    if (loaded != null) {
      loaded.embedder().close();
    }
  }

  /** Releases all but the first that nobody has used for so long. */
  synchronized void releaseIdle(long nanos) {
    long now = nanoTime.getAsLong();
    entries.values().stream()
        .skip(1)
        .filter(one -> one.users == 0 && one.loaded != null && now - one.lastUse >= nanos)
        .toList()
        .forEach(LoadedModels::release);
  }

  @Override
  public synchronized void close() {
    closed = true;
    entries.values().forEach(LoadedModels::release);
  }
}
