package io.github.semblance.index;

/**
 * What a {@link SemanticIndexWriter} has done since it was opened.
 *
 * @param documents documents written, later replaced ones included
 * @param passages passages written with them
 * @param tokens word pieces that the model read, special tokens and repeated titles included
 * @param duplicates documents that replaced one of the same id written since opening: the last wins
 * @param failed documents reported to the {@link FailureHandler} instead of written
 * @param shortenedTitles documents whose title was cut to half the model's window for embedding;
 *     keyword search knows the whole title
 * @param droppedTokens word pieces that no passage could hold; 0 unless a single unbroken word is
 *     longer than the model's window
 */
public record IndexStatistics(
    long documents,
    long passages,
    long tokens,
    long duplicates,
    long failed,
    long shortenedTitles,
    long droppedTokens) {}
