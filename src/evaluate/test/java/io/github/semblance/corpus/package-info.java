/** Tests of reading corpora. */
@NullMarked
package io.github.semblance.corpus;

import org.jspecify.annotations.NullMarked;
