/** Tests of analyzers and the word-piece tokenizer. */
@NullMarked
package io.github.semblance.analysis;

import org.jspecify.annotations.NullMarked;
