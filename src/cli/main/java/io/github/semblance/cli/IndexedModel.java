package io.github.semblance.cli;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.bert.BertEmbedder;
import io.github.semblance.bert.checkpoint.CheckpointException;
import io.github.semblance.embed.AsymmetricEmbedder;
import io.github.semblance.embed.TextEmbedder;
import io.github.semblance.index.IndexManifest;
import io.github.semblance.index.IndexOpenException;
import io.github.semblance.search.SearchMode;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The model that an index is searched with. */
final class IndexedModel {
  private IndexedModel() {}

  /**
   * Loads a model that embeds queries for an index of another model.
   *
   * @param folder the index, for messages
   */
  static TextEmbedder loadForQueries(Path folder, IndexManifest manifest, String queryModel)
      throws CheckpointException, IndexOpenException {
    TextEmbedder queries =
        BertEmbedder.load(
            queryModel,
            BertEmbedder.Options.defaults().withPrecision(manifest.model().precision()));
    try {
      return new AsymmetricEmbedder(manifest.model(), queries);
    } catch (IllegalArgumentException e) {
      queries.close();
      throw new IndexOpenException("the index at " + folder + ": " + e.getMessage(), e);
    }
  }

  /**
   * Loads what a search needs.
   *
   * @param folder the index, for messages
   * @param named the model that the user names, if it is not to be the index's own
   * @return null if keywords are all that is asked for, and no model was named that must be checked
   */
  static @Nullable TextEmbedder load(
      Path folder, IndexManifest manifest, Set<SearchMode> modes, @Nullable String named)
      throws CheckpointException, IndexOpenException {
    BertEmbedder.Options options =
        BertEmbedder.Options.defaults().withPrecision(manifest.model().precision());
    if (named != null) {
      return BertEmbedder.load(named, options);
    }
    if (modes.equals(Set.of(SearchMode.BM25))
        && !manifest.analyzer().equals(NamedAnalyzer.WORDPIECE.id())) {
      return null;
    }
    String own = manifest.model().name();
    try {
      return BertEmbedder.load(own, options);
    } catch (CheckpointException e) {
      throw new IndexOpenException(
          "the index at "
              + folder
              + " holds vectors of model \""
              + own
              + "\", which cannot be loaded: "
              + Failures.text(e)
              + "; if it has moved, say where with --model",
          e);
    }
  }
}
