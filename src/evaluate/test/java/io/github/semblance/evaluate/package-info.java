/** Tests of measures, against figures worked out by hand. */
@NullMarked
package io.github.semblance.evaluate;

import org.jspecify.annotations.NullMarked;
