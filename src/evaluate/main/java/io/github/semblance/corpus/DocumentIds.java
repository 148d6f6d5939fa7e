package io.github.semblance.corpus;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Gives files that are documents their ids: the path below a folder, the same wherever that folder
 * lies and on every system. No two files have one id. For one thread.
 */
final class DocumentIds {
  private final @Nullable Path base;

  /** Folders below which documents were looked for, or that hold one that was named. */
  private final Set<Path> roots = new HashSet<>();

  /**
   * Gives ids below a folder.
   *
   * @param base null for the deepest folder that has all inputs in it
   */
  DocumentIds(@Nullable Path base) {
    this.base = base;
  }

  /** A folder that documents come from. */
  void addRoot(Path folder) {
    roots.add(whole(folder));
  }

  /**
   * The files with their ids, those that are no documents as they are; a document that is reached
   * twice comes once.
   *
   * @throws CorpusException if a document does not lie below the base
   */
  List<InputFile> give(List<InputFile> files) {
    Path below = base();
    Set<Path> seen = new HashSet<>();
    List<InputFile> named = new ArrayList<>(files.size());
    for (InputFile file : files) {
      Path path = whole(file.path());
      if (!file.isDocument()) {
        named.add(file);
      } else if (seen.add(path)) {
        named.add(file.withId(id(below, path, file.name())));
      }
    }
    return named;
  }

  /** Where the paths that are ids begin; null without documents, or on drives of their own. */
  @Nullable Path base() {
    return base == null ? deepestAbove() : whole(base);
  }

  private String id(@Nullable Path below, Path path, String name) {
    if (below == null) { // on drives of their own
      return path.toString().replace('\\', '/');
    }
    if (!path.startsWith(below)) {
      throw new CorpusException(
          name + " does not lie below " + base + ", where the paths that are ids begin");
    }
    return below.relativize(path).toString().replace('\\', '/');
  }

  private @Nullable Path deepestAbove() {
    Path deepest = roots.isEmpty() ? null : roots.iterator().next();
    for (Path root : roots) {
      while (deepest != null && !root.startsWith(deepest)) {
        deepest = deepest.getParent();
      }
    }
    return deepest;
  }

  private static Path whole(Path path) {
    return path.toAbsolutePath().normalize();
  }
}
