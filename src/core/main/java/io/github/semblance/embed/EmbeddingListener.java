package io.github.semblance.embed;

/**
 * Is told of each call of an {@link ObservedEmbedder}. Implementations are safe for use by many
 * threads and quick: they run on the thread of the call.
 *
 * <p>For Micrometer:
 *
 * <pre>{@code
 * EmbeddingListener listener = call -> {
 *   registry.timer("semblance.embed", "query", "" + call.query()).record(call.took());
 *   registry.counter("semblance.embed.texts").increment(call.texts());
 *   registry.counter("semblance.embed.tokens").increment((double) call.tokens());
 *   registry.summary("semblance.embed.queue").record(call.underWay());
 * };
 * }</pre>
 */
@FunctionalInterface
public interface EmbeddingListener {
  /**
   * A call has returned or failed. What this throws goes to the caller.
   *
   * @param call what it was and cost
   */
  void ended(EmbeddingCall call);
}
