/** LangChain4j's own contracts, and what they leave open. */
@NullMarked
package io.github.semblance.langchain4j;

import org.jspecify.annotations.NullMarked;
