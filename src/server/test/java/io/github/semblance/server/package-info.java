@NullMarked
package io.github.semblance.server;

import org.jspecify.annotations.NullMarked;
