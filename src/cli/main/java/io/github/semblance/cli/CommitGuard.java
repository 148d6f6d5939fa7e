package io.github.semblance.cli;

import io.github.semblance.index.SemanticIndexWriter;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets Ctrl-C end a run before a commit or after it, never within, and say which it was. For use by
 * one thread.
 */
final class CommitGuard implements AutoCloseable {
  private final ReentrantLock committing = new ReentrantLock();
  private final Thread hook;
  private boolean finished;

  /**
   * Begins to wait for the end of the process.
   *
   * @param unfinished tells the user that the process ends before the last commit
   */
  CommitGuard(Runnable unfinished) {
    hook =
        new Thread(
            () -> {
              // Never unlocked: a commit that comes now waits for the end of the process.
              committing.lock();
              if (!finished) {
                unfinished.run();
              }
            },
            "semblance-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Commits what there is so far, unless the process is about to end. */
  void commit(SemanticIndexWriter writer) throws IOException {
    committing.lock();
    try {
      writer.commit();
    } finally {
      committing.unlock();
    }
  }

  /** Commits for the last time, unless the process is about to end. */
  void finish(SemanticIndexWriter writer) throws IOException {
    committing.lock();
    try {
      writer.commit();
      finished = true;
    } finally {
      committing.unlock();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending: the hook runs, and whoever comes here has nothing left to say.
      committing.lock();
    }
  }
}
