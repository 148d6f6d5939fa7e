package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Value;
import io.github.semblance.index.Outline;
import java.util.Map;

/**
 * What a format makes of a whole file. Immutable.
 *
 * @param title empty if the file says none
 * @param fields what the file says of itself besides
 */
record ReadText(String title, String text, Outline outline, Map<String, Value> fields) {}
