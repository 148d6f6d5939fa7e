/**
 * Text to terms: Lucene analyzers by the name that a command line or an index manifest gives them,
 * and a tokenizer that cuts text as an embedding model does.
 *
 * <p>{@link io.github.semblance.analysis.NamedAnalyzer} lists the names; {@link
 * io.github.semblance.analysis.AnalyzerIdentity} tells an application's own analyzers apart. {@link
 * io.github.semblance.analysis.WordPieceTokenizer} is an ordinary Lucene tokenizer; {@link
 * io.github.semblance.analysis.WordPieceTokenizerFactory} brings it to analyzers that are put
 * together from configuration, and finds its model through {@link
 * io.github.semblance.embed.EmbedderProvider}.
 */
@NullMarked
package io.github.semblance.analysis;

import org.jspecify.annotations.NullMarked;
