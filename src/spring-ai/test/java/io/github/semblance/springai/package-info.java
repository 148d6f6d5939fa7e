/** What Spring AI and Spring Boot ask of a vector store and its auto-configuration. */
@NullMarked
package io.github.semblance.springai;

import org.jspecify.annotations.NullMarked;
