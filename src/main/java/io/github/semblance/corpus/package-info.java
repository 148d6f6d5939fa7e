/**
 * Documents in: files of several formats become a stream of {@link
 * io.github.semblance.corpus.SourceDocument}s.
 */
@NullMarked
package io.github.semblance.corpus;

import org.jspecify.annotations.NullMarked;
