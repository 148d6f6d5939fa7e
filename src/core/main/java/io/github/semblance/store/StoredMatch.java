package io.github.semblance.store;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A document that a {@link DocumentStore} found. Immutable as long as nobody writes to the vector.
 *
 * @param id of the document
 * @param score {@code (1 + cosine) / 2} of a search by vector, in [0, 1]; of another search what
 *     its mode scores
 * @param text the whole text; null if the document was given none
 * @param metadata values by key, of the types they were given with
 * @param vector of the document, not a copy; of one that has several passages, that of the first;
 *     empty if it has none
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record StoredMatch(
    String id, float score, @Nullable String text, Map<String, Object> metadata, float[] vector) {}
