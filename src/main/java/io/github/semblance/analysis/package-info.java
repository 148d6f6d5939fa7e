/**
 * Text to terms: Lucene analyzers by the name that a command line or an index manifest gives them.
 *
 * <p>Entry type: {@link io.github.semblance.analysis.NamedAnalyzer}.
 */
@NullMarked
package io.github.semblance.analysis;

import org.jspecify.annotations.NullMarked;
