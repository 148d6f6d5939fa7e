package io.github.semblance.bert.checkpoint;

/** Is told how far a download has come. Calls come from one thread at a time. */
@FunctionalInterface
public interface PullProgress {
  /** Listens to nothing. */
  PullProgress NONE = (file, done, total) -> {};

  /**
   * Some bytes have arrived.
   *
   * @param file what is being fetched
   * @param done bytes of it that are here, those of an earlier attempt included
   * @param total its size, or -1 while nobody knows
   */
  void transferred(String file, long done, long total);
}
