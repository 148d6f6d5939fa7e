package io.github.semblance.server;

import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexIntegrity;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.search.SemanticSearcher;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.search.ReferenceManager;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.FSDirectory;
import org.jspecify.annotations.Nullable;

/**
 * An index folder under a name, always at a recent commit. Safe for use by many threads.
 *
 * <p>Each search sees one commit from its beginning to its end; {@link #refresh} makes later ones
 * see what another process has committed since.
 */
public final class ServedIndex implements Closeable {
  private final String name;
  private final Path folder;
  private final TextEmbedder embedder;
  private final Directory directory;
  private final Snapshots snapshots;
  private volatile @Nullable String problem;

  private ServedIndex(String name, Path folder, TextEmbedder embedder, Directory directory)
      throws IOException {
    this.name = name;
    this.folder = folder;
    this.embedder = embedder;
    this.directory = directory;
    this.snapshots = new Snapshots(new Snapshot(IndexIntegrity.open(directory), embedder));
  }

  /**
   * Opens the latest commit.
   *
   * @param name what requests call the index
   * @param embedder the index's model; remains the caller's to close, after this
   * @throws io.github.semblance.index.IndexOpenException if there is no index, or it holds vectors
   *     of another model
   */
  public static ServedIndex open(String name, Path folder, TextEmbedder embedder)
      throws IOException {
    IndexManifest.read(folder); // has the better messages for what is no index
    Directory directory = FSDirectory.open(folder);
    try {
      return new ServedIndex(name, folder, embedder, directory);
    } catch (IOException | RuntimeException e) {
      directory.close();
      throw e;
    }
  }

  /** What requests call it. */
  public String name() {
    return name;
  }

  Path folder() {
    return folder;
  }

  TextEmbedder embedder() {
    return embedder;
  }

  /** Why the latest commit cannot be read, while an older one still is; null if it can. */
  @Nullable String problem() {
    return problem;
  }

  /** What is done with a searcher while it stays open. */
  interface Reading<T> {
    T read(SemanticSearcher searcher) throws IOException;
  }

  /** Reads from one commit. */
  <T> T read(Reading<T> reading) throws IOException {
    Snapshot snapshot = snapshots.acquire();
    try {
      return reading.read(snapshot.searcher);
    } finally {
      snapshots.release(snapshot);
    }
  }

  /**
   * Looks for a new commit. One that cannot be read, say because it was made with another model,
   * leaves the one before in use.
   */
  void refresh() {
    try {
      snapshots.maybeRefresh();
      problem = null;
    } catch (IOException | RuntimeException e) {
      problem = "the latest commit cannot be read: " + e.getMessage();
    }
  }

  @Override
  public void close() throws IOException {
    try (directory) {
      snapshots.close();
    }
  }

  private static final class Snapshot {
    final DirectoryReader reader;
    final Analyzer analyzer;
    final SemanticSearcher searcher;

    /** Takes ownership of the reader. */
    Snapshot(DirectoryReader reader, TextEmbedder embedder) throws IOException {
      this.reader = reader;
      try {
        this.analyzer = IndexManifest.read(reader).newAnalyzer(embedder);
        this.searcher = SemanticSearcher.over(new IndexSearcher(reader), embedder, analyzer);
      } catch (IOException | RuntimeException e) {
        reader.close();
        throw e;
      }
    }
  }

  private final class Snapshots extends ReferenceManager<Snapshot> {
    Snapshots(Snapshot first) {
      this.current = first;
    }

    @Override
    protected void decRef(Snapshot snapshot) throws IOException {
      snapshot.reader.decRef();
      if (snapshot.reader.getRefCount() == 0) {
        snapshot.analyzer.close();
      }
    }

    @Override
    protected @Nullable Snapshot refreshIfNeeded(Snapshot snapshot) throws IOException {
      DirectoryReader newer = DirectoryReader.openIfChanged(snapshot.reader);
      return newer == null ? null : new Snapshot(newer, embedder);
    }

    @Override
    protected boolean tryIncRef(Snapshot snapshot) {
      return snapshot.reader.tryIncRef();
    }

    @Override
    protected int getRefCount(Snapshot snapshot) {
      return snapshot.reader.getRefCount();
    }
  }
}
