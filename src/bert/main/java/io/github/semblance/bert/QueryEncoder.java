package io.github.semblance.bert;

/**
 * Embeds one text at a time, sooner than an {@link Encoder} that is made for many.
 *
 * <p>Safe for use by many threads.
 */
interface QueryEncoder {

  /**
   * Embeds a text.
   *
   * @param ids its word-piece ids, special tokens included; not empty
   * @param cores how many threads may share the work, the calling one among them
   */
  float[] embed(long[] ids, int cores);
}
