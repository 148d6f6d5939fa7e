package io.github.semblance.corpus;

/**
 * Where in the input a record stands; its string form is what messages show, as in {@code
 * faq.jsonl:12}.
 *
 * <p>Immutable and safe for use by many threads.
 *
 * @param source the input as the user named it, or a path below it
 * @param line the record's first line, from 1; 0 when the record is the whole file
 */
public record Location(String source, long line) {

  @Override
  public String toString() {
    return line == 0 ? source : source + ":" + line;
  }
}
