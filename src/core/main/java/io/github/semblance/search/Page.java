package io.github.semblance.search;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which part of what a search finds is returned, and what is told of all of it. Immutable.
 *
 * @param from how many of the best hits are left out, at least 0. The pages of one question fit
 *     together within the first hundred hits in every mode, and without end in BM25 mode and for
 *     Lucene syntax. Beyond a hundred a search by meaning looks deeper for each page, and what only
 *     the deeper one finds may belong on an earlier page
 * @param top how many hits to return at most, at least 1
 * @param sort in what order hits come; empty for the order of their scores. What is found does not
 *     depend on it: every match in BM25 mode and for Lucene syntax, the candidates in the other
 *     modes. Where values are equal, scores decide
 * @param diversity how much it counts, in [0, 1], that a hit differs from those before it, by the
 *     vectors of their passages; 0 for not at all. Not part of a score, so hits are then not in the
 *     order of their scores: it is a step after the search, over its first {@value
 *     DiversityStep#POOL} hits. Not in BM25 mode and for Lucene syntax, and not with an order by
 *     fields
 * @param groupBy the keyword field of whose each value only the best document is a hit, see {@link
 *     Hit#group()}; null for every document. Of a document with several values the first by code
 *     points counts. {@link SearchResults#total()} and facets count documents, not groups. Not with
 *     an order by fields
 * @param facets how many values to count at most of which keyword field, each at least 1; see
 *     {@link SearchResults#facets()}
 */
public record Page(
    int from,
    int top,
    List<FieldOrder> sort,
    float diversity,
    @Nullable String groupBy,
    Map<String, Integer> facets) {

  /**
   * Checks the ranges stated above.
   *
   * @throws SearchRequestException if a value is out of its range, or the page ends beyond what a
   *     number of {@code int} counts
   */
  public Page {
    if (top < 1) {
      throw new SearchRequestException("top must be at least 1, got: " + top);
    }
    if (from < 0) {
      throw new SearchRequestException("from must be at least 0, got: " + from);
    }
    if (from > Integer.MAX_VALUE - top) {
      throw new SearchRequestException(
          "from and top must be at most "
              + Integer.MAX_VALUE
              + " together, got: "
              + from
              + " and "
              + top);
    }
    sort = List.copyOf(sort);
    if (!(diversity >= 0 && diversity <= 1)) {
      throw new SearchRequestException("diversity is a number from 0 to 1, got: " + diversity);
    }
    if (!sort.isEmpty() && (diversity > 0 || groupBy != null)) {
      throw new SearchRequestException(
          "diversity and groups are of hits in the order of their scores; leave out the order by"
              + " fields, got: "
              + sort);
    }
    facets.forEach(
        (field, values) -> {
          if (values < 1) {
            throw new SearchRequestException(
                "a facet must count at least 1 value, got: "
                    + values
                    + " for field \""
                    + field
                    + "\"");
          }
        });
    facets = Collections.unmodifiableMap(new LinkedHashMap<>(facets));
  }

  /** How many of the best hits a search must rank for this page. */
  int end() {
    return from + top;
  }
}
