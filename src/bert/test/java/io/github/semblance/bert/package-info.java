/** Tests of the PyTorch adapter: on a small random encoder, and on real models. */
@NullMarked
package io.github.semblance.bert;

import org.jspecify.annotations.NullMarked;
