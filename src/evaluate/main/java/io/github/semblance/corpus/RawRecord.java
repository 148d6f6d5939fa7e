package io.github.semblance.corpus;

import java.util.List;
import java.util.Map;

/** What a file format makes of one record, before the field mapping. */
sealed interface RawRecord {

  /** A record whose fields are to be mapped; nested ones are named with a dot. */
  record Fields(Location location, Map<String, Value> byName) implements RawRecord {}

  /**
   * A file that is one document, of whose own fields those to filter by are to be chosen.
   *
   * @param title not blank
   */
  record Whole(Location location, String id, String title, ReadText content) implements RawRecord {}

  /** A record that needs no mapping. */
  record Settled(CorpusRecord outcome) implements RawRecord {}

  static RawRecord rejected(Location location, String reason) {
    return new Settled(new CorpusRecord.Rejected(location, reason));
  }

  /**
   * What a field holds.
   *
   * @param values one for a scalar, none for what has no plain form
   */
  record Value(Kind kind, List<String> values) {

    static Value string(String value) {
      return new Value(Kind.STRING, List.of(value));
    }
  }

  /** The kinds of value that mapping tells apart; {@link #RECORDS} is an array with objects. */
  enum Kind {
    STRING("a string"),
    LITERAL("a number or boolean"),
    ARRAY("an array"),
    RECORDS("nested objects or arrays"),
    NESTED("nested objects or arrays");

    final String words;

    Kind(String words) {
      this.words = words;
    }
  }
}
