package io.github.semblance.index;

/**
 * What a {@link SemanticIndexWriter} has done since it was opened.
 *
 * @param documents documents added that are in the index, each id once
 * @param passages their passages
 * @param embedded passages that the model read
 * @param reused passages whose vectors were in the index already
 * @param unchanged documents that stood in the index just so and were not written again
 * @param updated documents that were written in place of one that the index had before
 * @param tokens word pieces that the model read, special tokens and repeated titles included
 * @param duplicates documents that replaced one of the same id added since opening: the last wins
 * @param failed documents reported to the {@link FailureHandler} instead of written
 * @param truncated documents of which only the first passage was embedded, because {@link
 *     SemanticIndexWriterConfig#truncate} asks for that
 * @param shortenedTitles embedded documents whose title was cut to half the model's window for
 *     embedding; keyword search knows the whole title
 * @param droppedTokens word pieces that no passage could hold; 0 unless a single unbroken word is
 *     longer than the model's window
 */
public record IndexStatistics(
    long documents,
    long passages,
    long embedded,
    long reused,
    long unchanged,
    long updated,
    long tokens,
    long duplicates,
    long failed,
    long truncated,
    long shortenedTitles,
    long droppedTokens) {

  /** Documents that the index did not have before. */
  public long added() {
    return documents - updated - unchanged;
  }
}
