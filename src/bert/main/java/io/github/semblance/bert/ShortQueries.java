package io.github.semblance.bert;

import io.github.semblance.embed.EmbeddingException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what answers an embedder's short queries soonest, once it has been asked some. Safe for
 * use by many threads.
 */
final class ShortQueries {
  /** Who asks so often will ask again: worth some seconds of a thread to prepare for. */
  private static final int QUERIES_OF_A_SERVER = 4;

  /** Of an encoder's vector to libtorch's; rounding to 16 bits costs MiniLM 2e-7 at most. */
  private static final double LEAST_COSINE = 1 - 2e-6;

  private static final int COMPARED_LENGTH = 16;

  private static final Logger LOG = LoggerFactory.getLogger(ShortQueries.class);

  /** How to choose. */
  enum Choice {
    /** By measurement, or by what is remembered of one. */
    FASTEST,
    /** For tests: the first candidate, on any machine. */
    FIRST,
    /** For tests: libtorch, on any machine. */
    NONE
  }

  /**
   * What is chosen for.
   *
   * @param encoder that of all texts
   * @param precision of its linear layers
   * @param longest text, in word pieces
   * @param cores how many threads share a query
   * @param file remembers what is chosen
   */
  record Task(Encoder encoder, Precision precision, int longest, int cores, QueryChoiceFile file) {}

  /** What is chosen, ready to compute. */
  private record Prepared(QueryChoice choice, Map<String, QueryEncoder> encoders) {}

  private final Task task;
  private final Choice choice;
  private final ExecutorService pool;
  private final AtomicInteger underWay;
  private final AtomicInteger queries = new AtomicInteger();
  private volatile @Nullable Prepared prepared;
  private @Nullable Future<String> preparation;

  /**
   * Asks nothing of the machine yet.
   *
   * @param pool where to prepare, shut down when the embedder is closed
   * @param underWay calls under way in this process, of which the preparation is one
   */
  ShortQueries(Task task, Choice choice, ExecutorService pool, AtomicInteger underWay) {
    this.task = task;
    this.choice = choice;
    this.pool = pool;
    this.underWay = underWay;
  }

  /** Counts a query; returns whether some lengths may have an encoder of their own. */
  boolean another() {
    if (queries.incrementAndGet() == QUERIES_OF_A_SERVER && !pool.isShutdown()) {
      Future<String> unused = preparation();
    }
    return prepared != null;
  }

  /** What answers a query of so many word pieces, or null for libtorch. */
  @Nullable QueryEncoder of(int length) {
    Prepared ready = prepared;
    return ready == null ? null : ready.encoders.get(ready.choice.of(length));
  }

  /**
   * Prepares now, unless that has been done, and tells what was chosen and why.
   *
   * @throws EmbeddingException if the caller is interrupted
   */
  String prepareNow() {
    try {
      return preparation().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new EmbeddingException("interrupted while preparing for queries", e);
    } catch (ExecutionException e) {
      throw new EmbeddingException("queries could not be prepared for", e.getCause());
    }
  }

  /** Lets the encoders' copy of the weights go. */
  void forget() {
    prepared = null;
  }

  private synchronized Future<String> preparation() {
    if (preparation == null) {
      preparation = pool.submit(this::prepare);
    }
    return preparation;
  }

  /** Runs in the pool, for which closing and exiting wait before libtorch goes. */
  private String prepare() throws InterruptedException {
    String outcome;
    try {
      outcome = choose();
      LOG.info("Short queries: {}", outcome);
    } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
      LOG.warn("Short queries: libtorch, for choosing failed", e);
      outcome = "libtorch, for choosing failed: " + e.getMessage();
    }
    return outcome;
  }

  private String choose() throws InterruptedException {
    if (choice == Choice.NONE) {
      return "libtorch: nothing else is asked for";
    }
    List<QueryEncoder> warm = new ArrayList<>();
    Optional<QueryChoice> remembered;
    underWay.incrementAndGet(); // a core is busy
    try {
      QueryCandidates candidates = task.encoder.forQueries();
      if (candidates.encoders().isEmpty()) {
        return "libtorch: " + candidates.reason();
      }
      String unfaithful = unfaithful(candidates.encoders().get(0));
      if (!unfaithful.isEmpty()) {
        return "libtorch: " + unfaithful;
      }
      Optional<QueryChoice> known = remembered(candidates.encoders());
      remembered = known;
      List<QueryEncoder> needed =
          candidates.encoders().stream()
              .filter(each -> known.isEmpty() || isIn(known.get(), each))
              .toList();
      for (QueryEncoder candidate : needed) {
        if (!pool.isShutdown() && candidate.warmUp()) {
          warm.add(candidate);
        }
      }
      if (warm.isEmpty() && !needed.isEmpty()) {
        return "libtorch: vectors are slow in this JVM";
      }
    } finally {
      underWay.decrementAndGet();
    }
    if (remembered.isPresent()) {
      use(remembered.get(), warm);
      return remembered.get() + ", remembered in " + task.file.path();
    }
    Optional<QueryChoice> measured = measured(warm);
    if (measured.isEmpty()) {
      return "libtorch: the embedder was closed while candidates were compared";
    }
    use(measured.get(), warm);
    return measured.get()
        + (measured.get().isCalm()
            ? ", measured just now"
            : ", measured just now beside other work, so not remembered");
  }

  private Optional<QueryChoice> remembered(List<QueryEncoder> candidates) {
    if (choice == Choice.FIRST) {
      QueryChoice.Times none = new QueryChoice.Times(0, 0);
      return Optional.of(
          new QueryChoice(
              List.of(new QueryChoice.Length(task.longest, candidates.get(0).name(), none, none))));
    }
    List<String> names = candidates.stream().map(QueryEncoder::name).toList();
    return task.file.read().filter(known -> known.isAmong(names));
  }

  private Optional<QueryChoice> measured(List<QueryEncoder> warm) throws InterruptedException {
    List<QueryEncoder> all = new ArrayList<>(warm);
    all.add(new LibtorchQueries(task.encoder));
    Optional<QueryChoice> measured =
        new QueryTrial(all, task.cores, underWay, pool::isShutdown, System::nanoTime)
            .run(task.longest);
    measured.filter(QueryChoice::isCalm).ifPresent(task.file::write);
    return measured;
  }

  private void use(QueryChoice chosen, List<QueryEncoder> warm) {
    Map<String, QueryEncoder> encoders = new HashMap<>();
    for (QueryEncoder candidate : warm) {
      if (isIn(chosen, candidate)) {
        encoders.put(candidate.name(), candidate);
      }
    }
    prepared = new Prepared(chosen, encoders);
  }

  private static boolean isIn(QueryChoice chosen, QueryEncoder candidate) {
    return chosen.lengths().stream().anyMatch(each -> each.best().equals(candidate.name()));
  }

  /** All candidates give the same bits. With int8 it is libtorch that is less precise. */
  private String unfaithful(QueryEncoder candidate) {
    if (task.precision == Precision.INT8) {
      return "";
    }
    long[] ids = new long[Math.min(COMPARED_LENGTH, task.longest)];
    float[] own = candidate.embed(ids, 1);
    float[] exact = task.encoder.embed(new TokenBatch(List.of(ids)))[0];
    double cosine = AttentionChoice.cosine(own, exact);
    return cosine >= LEAST_COSINE ? "" : "its weights cannot be rounded, cosine " + cosine;
  }
}
