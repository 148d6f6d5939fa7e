/** Fakes of the embedding port and its contract tests. */
@NullMarked
package io.github.semblance.embed;

import org.jspecify.annotations.NullMarked;
