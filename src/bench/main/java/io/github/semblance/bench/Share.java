package io.github.semblance.bench;

import io.github.semblance.index.SourceDocument;
import java.util.Arrays;
import java.util.List;
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

  /** The document of a number, whose id and text are the number. */
  static SourceDocument document(int number) {
    List<String> shares =
        Arrays.stream(values()).filter(share -> share.allows(number)).map(Share::name).toList();
    String id = Integer.toString(number);
    return new SourceDocument(id, "", id, Map.of(FIELD, shares));
  }
}
