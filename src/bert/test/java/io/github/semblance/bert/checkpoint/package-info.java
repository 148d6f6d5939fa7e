/** Tests of the readers of checkpoints, on models made here and on published ones. */
@NullMarked
package io.github.semblance.bert.checkpoint;

import org.jspecify.annotations.NullMarked;
