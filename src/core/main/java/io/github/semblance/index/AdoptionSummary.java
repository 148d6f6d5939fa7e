package io.github.semblance.index;

/**
 * What became of the documents of an index that was adopted.
 *
 * @param documents how many had no passages, or not all of theirs
 * @param adopted how many of them have theirs now
 * @param passages how many those have
 * @param missing how many the application's source did not know; they are as they were
 * @param failed how many were reported to the {@link FailureHandler}; they are as they were
 * @param before how many documents had their passages before
 */
public record AdoptionSummary(
    long documents, long adopted, long passages, long missing, long failed, long before) {}
