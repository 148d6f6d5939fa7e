package io.github.semblance.langchain4j;

import dev.langchain4j.exception.UnsupportedFeatureException;
import dev.langchain4j.store.embedding.filter.Filter;
import dev.langchain4j.store.embedding.filter.comparison.ContainsString;
import dev.langchain4j.store.embedding.filter.comparison.IsEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThan;
import dev.langchain4j.store.embedding.filter.comparison.IsGreaterThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsIn;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThan;
import dev.langchain4j.store.embedding.filter.comparison.IsLessThanOrEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotEqualTo;
import dev.langchain4j.store.embedding.filter.comparison.IsNotIn;
import dev.langchain4j.store.embedding.filter.logical.And;
import dev.langchain4j.store.embedding.filter.logical.Not;
import dev.langchain4j.store.embedding.filter.logical.Or;
import io.github.semblance.store.MetadataFilter;
import io.github.semblance.store.MetadataFilter.Order;
import java.util.List;

/** LangChain4j's filters as those of the store. */
final class FilterTranslation {
  private FilterTranslation() {}

  /**
   * The same filter.
   *
   * @throws UnsupportedFeatureException if it is of a class that LangChain4j itself does not have
   */
  static MetadataFilter of(Filter filter) {
    return switch (filter) {
      case And and -> new MetadataFilter.And(List.of(of(and.left()), of(and.right())));
      case Or or -> new MetadataFilter.Or(List.of(of(or.left()), of(or.right())));
      case Not not -> new MetadataFilter.Not(of(not.expression()));
      case IsEqualTo is -> MetadataFilter.equal(is.key(), is.comparisonValue());
      case IsNotEqualTo is -> MetadataFilter.notEqual(is.key(), is.comparisonValue());
      case IsIn is -> new MetadataFilter.In(is.key(), List.copyOf(is.comparisonValues()));
      case IsNotIn is ->
          new MetadataFilter.Not(
              new MetadataFilter.In(is.key(), List.copyOf(is.comparisonValues())));
      case IsGreaterThan is ->
          new MetadataFilter.Compared(is.key(), Order.GREATER, is.comparisonValue());
      case IsGreaterThanOrEqualTo is ->
          new MetadataFilter.Compared(is.key(), Order.GREATER_OR_EQUAL, is.comparisonValue());
      case IsLessThan is -> new MetadataFilter.Compared(is.key(), Order.LESS, is.comparisonValue());
      case IsLessThanOrEqualTo is ->
          new MetadataFilter.Compared(is.key(), Order.LESS_OR_EQUAL, is.comparisonValue());
      case ContainsString is -> new MetadataFilter.Contains(is.key(), is.comparisonValue());
      default ->
          throw new UnsupportedFeatureException(
              "filters must be those of LangChain4j, got: " + filter.getClass().getName());
    };
  }
}
