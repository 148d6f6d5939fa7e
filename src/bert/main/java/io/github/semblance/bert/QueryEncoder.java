package io.github.semblance.bert;

/**
 * Embeds one text at a time, sooner than an {@link Encoder} that is made for many.
 *
 * <p>Safe for use by many threads.
 */
interface QueryEncoder {

  /** What tells it from others of the same model. */
  String name();

  /**
   * Lets the JIT compiler see it at work, for up to some seconds, before it is compared with
   * others.
   *
   * @return whether that made it about as fast as it should be
   */
  boolean warmUp();

  /**
   * Embeds a text.
   *
   * @param ids its word-piece ids, special tokens included; not empty
   * @param cores how many threads may share the work, the calling one among them
   */
  float[] embed(long[] ids, int cores);
}
