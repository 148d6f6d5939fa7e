package io.github.semblance.cli;

import io.github.semblance.index.SemanticIndexWriter;
import java.io.IOException;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets Ctrl-C end a run before its commit or after it, never within, and say which it was. For use
 * by one thread.
 */
final class CommitGuard implements AutoCloseable {
  private final ReentrantLock committing = new ReentrantLock();
  private final Thread hook;
  private boolean committed;

  /**
   * Begins to wait for the end of the process.
   *
   * @param uncommitted tells the user that the process ends without a commit
   */
  CommitGuard(Runnable uncommitted) {
    hook =
        new Thread(
            () -> {
              // Never unlocked: a commit that comes now waits for the end of the process.
              committing.lock();
              if (!committed) {
                uncommitted.run();
              }
            },
            "semblance-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
  }

  /** Commits, unless the process is about to end. */
  void commit(SemanticIndexWriter writer) throws IOException {
    committing.lock();
    try {
      writer.commit();
      committed = true;
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
