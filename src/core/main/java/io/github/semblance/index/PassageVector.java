package io.github.semblance.index;

/**
 * What an index keeps of a passage. Immutable as long as nobody writes to the vector.
 *
 * @param start offset in the document's text of the passage's first {@code char}
 * @param end offset in the document's text after its last {@code char}
 */
@SuppressWarnings("ArrayRecordComponent") // nobody compares these
public record PassageVector(int start, int end, float[] vector) {}
