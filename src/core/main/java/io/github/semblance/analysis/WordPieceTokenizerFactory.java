package io.github.semblance.analysis;

import io.github.semblance.embed.EmbedderProvider;
import io.github.semblance.embed.ServiceFiles;
import io.github.semblance.embed.TextEmbedder;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import org.apache.lucene.analysis.TokenizerFactory;
import org.apache.lucene.util.AttributeFactory;

/**
 * Makes {@link WordPieceTokenizer}s where analyzers are configured by name, as in {@code
 * CustomAnalyzer} and in the schemas of search servers. Safe for use by many threads.
 *
 * <pre>{@code
 * CustomAnalyzer.builder().withTokenizer("wordPiece", "model", "all-MiniLM-L6-v2").build()
 * }</pre>
 *
 * <p>The model's name goes to the {@link EmbedderProvider}s on the class path. Code that has an
 * embedder at hand needs no factory: {@link WordPieceTokenizer} takes it.
 */
public final class WordPieceTokenizerFactory extends TokenizerFactory {

  /** Name under which Lucene finds this factory; case does not matter. */
  public static final String NAME = "wordPiece";

  /** The one that a class path with Semblance on it has; this package does not depend on it. */
  private static final String PROVIDER = "io.github.semblance.bert.BertEmbedderProvider";

  private final TextEmbedder embedder;

  /**
   * A factory with the argument {@code model}, a model's name.
   *
   * @throws IllegalArgumentException if the argument is missing, there is another, or no provider
   *     knows the model
   */
  public WordPieceTokenizerFactory(Map<String, String> args) {
    super(args);
    String model = require(args, "model");
    if (!args.isEmpty()) {
      throw new IllegalArgumentException("unknown parameters: " + args);
    }
    this.embedder =
        ServiceLoader.load(EmbedderProvider.class, EmbedderProvider.class.getClassLoader()).stream()
            .map(provider -> provider.get().find(model))
            .flatMap(Optional::stream)
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        ServiceFiles.advice(EmbedderProvider.class, PROVIDER)
                            .orElse(
                                "no EmbedderProvider on the class path knows the model \""
                                    + model
                                    + "\"")));
  }

  /** Exists for {@link ServiceLoader}'s rules only; Lucene never calls it. */
  public WordPieceTokenizerFactory() {
    throw defaultCtorException();
  }

  @Override
  public WordPieceTokenizer create(AttributeFactory factory) {
    return new WordPieceTokenizer(factory, embedder);
  }
}
