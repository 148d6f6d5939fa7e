@NullMarked
package io.github.semblance.store;

import org.jspecify.annotations.NullMarked;
