package io.github.semblance.bert.checkpoint;

import java.nio.file.Path;

/**
 * Fetches jars from Maven repositories for {@link ModelStore#pull}: the one part of fetching that
 * needs Maven's own libraries, so that whoever has them brings it.
 *
 * <p>Implementations are safe for use by many threads.
 */
@FunctionalInterface
public interface JarFetcher {

  /**
   * Fetches one jar, without what it depends on.
   *
   * @param coordinates {@code GROUP:ARTIFACT:VERSION}
   * @param localRepository the folder in Maven's layout to put it in
   * @throws CheckpointException if it cannot be fetched; the message says what to do
   */
  void fetch(String coordinates, Path localRepository, PullProgress progress)
      throws CheckpointException;
}
