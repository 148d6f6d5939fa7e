package io.github.semblance.opensearch;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.opensearch.action.ActionRequest;
import org.opensearch.action.bulk.BulkAction;
import org.opensearch.action.ingest.SimulatePipelineAction;
import org.opensearch.action.support.ActionFilter;
import org.opensearch.action.support.ActionFilterChain;
import org.opensearch.action.support.ActionRequestMetadata;
import org.opensearch.common.util.concurrent.ThreadContext;
import org.opensearch.core.action.ActionListener;
import org.opensearch.core.action.ActionResponse;
import org.opensearch.tasks.Task;
import org.opensearch.threadpool.ThreadPool;

/**
 * Answers a request whose documents were embedded and cannot go on: what throws on a thread of the
 * plugin, after the processor has handed its documents over, is seen by nobody, and the request
 * would wait without end. Thread-safe.
 */
final class BulkAnswers implements ActionFilter {
  private static final String KEY = "semblance.bulk";

  /** The actions that run pipelines. */
  private static final Set<String> ACTIONS = Set.of(BulkAction.NAME, SimulatePipelineAction.NAME);

  private volatile @Nullable ThreadPool threads;

  /** Before the first request. */
  void start(ThreadPool pool) {
    threads = pool;
  }

  @Override
  public int order() {
    return Integer.MAX_VALUE; // next to the action
  }

  @Override
  public <Q extends ActionRequest, A extends ActionResponse> void apply(
      Task task,
      String action,
      Q request,
      ActionRequestMetadata<Q, A> metadata,
      ActionListener<A> listener,
      ActionFilterChain<Q, A> chain) {
    ThreadPool pool = threads;
    if (pool == null || !ACTIONS.contains(action)) {
      chain.proceed(task, action, request, listener);
      return;
    }
    ThreadContext context = pool.getThreadContext();
    ActionListener<A> once = ActionListener.notifyOnce(listener);
    ThreadContext.StoredContext before = context.newStoredContext(true, List.of(KEY));
    try {
      context.putTransient(KEY, once);
      chain.proceed(task, action, request, once);
    } finally {
      before.restore();
    }
  }

  /** Answers the request that this thread works for with what went wrong. */
  void fail(RuntimeException cause) {
    ThreadPool pool = threads;
    ActionListener<?> listener = pool == null ? null : pool.getThreadContext().getTransient(KEY);
    if (listener == null) {
      throw cause;
    }
    listener.onFailure(
        new IllegalArgumentException(
            "a document cannot be indexed as the processors after ["
                + EmbedProcessor.TYPE
                + "] left it: "
                + cause.getMessage(),
            cause));
  }
}
