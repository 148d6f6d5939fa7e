/** Tests on real Lucene indexes with a fake model. */
@NullMarked
package io.github.semblance.search;

import org.jspecify.annotations.NullMarked;
