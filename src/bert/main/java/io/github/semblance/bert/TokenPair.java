package io.github.semblance.bert;

/**
 * Two texts in one input.
 *
 * @param ids of their word pieces, special tokens included
 * @param types the token type of each id
 * @param dropped how many word pieces were cut off
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TokenPair(long[] ids, long[] types, int dropped) {}
