/** An application of somebody else, which the tests make an executable jar of. */
@NullMarked
package io.github.semblance.springai.sample;

import org.jspecify.annotations.NullMarked;
