package io.github.semblance.cli;

import io.github.semblance.index.SemanticIndexWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Lets Ctrl-C end a run before a commit or after it, never within, and say which it was. For use by
 * one thread.
 */
final class CommitGuard implements AutoCloseable {
  /** The process ends long before, unless something in it hangs. */
  private static final Duration LONGEST_END = Duration.ofMinutes(1);

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
    flush(writer);
    committing.lock();
    try {
      writer.commit();
    } finally {
      committing.unlock();
    }
  }

  /** Without the lock: what fails on the way there may find the process ending, and stay. */
  private void flush(SemanticIndexWriter writer) throws IOException {
    stayIfEnding();
    writer.flush();
  }

  /** Commits for the last time, unless the process is about to end. */
  void finish(SemanticIndexWriter writer) throws IOException {
    flush(writer);
    committing.lock();
    try {
      writer.commit();
      finished = true;
    } finally {
      committing.unlock();
    }
  }

  /**
   * Does not return while the process is ending: embedders and files close then, and what fails for
   * that reason is nothing to tell anybody of.
   */
  void stayIfEnding() {
    if (isEnding()) {
      stay();
    }
  }

  private static boolean isEnding() {
    try {
      // Of no hook, so that nothing is removed; refused from the moment that hooks are to run.
      Runtime.getRuntime().removeShutdownHook(new Thread());
      return false;
    } catch (IllegalStateException e) {
      return true;
    }
  }

  private static void stay() {
    try {
      Thread.sleep(LONGEST_END);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The hook runs, and whoever comes here has nothing left to say.
      stay();
    }
  }
}
