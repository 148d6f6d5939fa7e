package io.github.semblance.bench;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.apache.lucene.index.Term;
import org.apache.lucene.search.Query;
import org.apache.lucene.search.TermQuery;
import org.jspecify.annotations.Nullable;

/** How many of the documents a filter allows, chosen regardless of their vectors. */
enum Share {
  ALL(1),
  HALF(.5),
  TENTH(.1),
  HUNDREDTH(.01),
  THOUSANDTH(.001);

  private static final String FIELD = "share";
  private static final long SEED = 7;

  private final double share;

  Share(double share) {
    this.share = share;
  }

  boolean allows(int number) {
    return new SplittableRandom(SEED + number).nextDouble() < share;
  }

  String percent() {
    return share >= .01 ? Long.toString(Math.round(share * 100)) : "0.1";
  }

  /** Null for all. */
  @Nullable Query filter() {
    return this == ALL ? null : new TermQuery(new Term(FIELD, name()));
  }

  /** The metadata of a document that the filters look at. */
  static Map<String, Object> metadata(int number) {
    return Map.of(
        FIELD,
        Arrays.stream(values()).filter(share -> share.allows(number)).map(Share::name).toList());
  }
}
