package io.github.semblance.cli;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.bert.checkpoint.ModelTrust;
import io.github.semblance.embed.AsymmetricEmbedder;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.search.SearchMode;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model that an index is searched with. */
final class IndexedModel {
  private IndexedModel() {}

  /**
   * Loads what a search needs.
   *
   * <p>The name in the manifest is not the user's: who wrote the index wrote it. Therefore it opens
   * what is installed, and no folder.
   *
   * @param folder the index, for messages
   * @param named what the user names, if it is not to be the index's own
   * @return null if keywords are all that is asked for, and no model was named that must be checked
   */
  static @Nullable TextEmbedder load(
      Path folder, IndexManifest manifest, Set<SearchMode> modes, NamedModel named)
      throws CheckpointException, IndexOpenException {
    BertEmbedder.Options options = BertEmbedder.Options.of(manifest.model());
    Optional<String> name = named.name();
    if (name.isPresent()) {
      return BertEmbedder.load(name.get(), options.withTrust(named.trust()));
    }
    if (modes.equals(Set.of(SearchMode.BM25))
        && !manifest.analyzer().equals(NamedAnalyzer.WORDPIECE.id())) {
      return null;
    }
    Optional<String> queryName = named.queryName();
    if (queryName.isPresent()) {
      TextEmbedder queries = BertEmbedder.load(queryName.get(), options.withTrust(named.trust()));
      try {
        return new AsymmetricEmbedder(manifest.model(), queries);
      } catch (IllegalArgumentException e) {
        queries.close();
        throw new IndexOpenException("the index at " + folder + ": " + e.getMessage(), e);
      }
    }
    String own = manifest.model().name();
    try {
      return BertEmbedder.load(own, options.withTrust(ModelTrust.INSTALLED));
    } catch (CheckpointException e) {
      throw new IndexOpenException(
          "the index at "
              + folder
              + " holds vectors of model \""
              + own
              + "\", which cannot be loaded: "
              + Failures.text(e)
              + "; say where the model is with --model",
          e);
    }
  }
}
