package io.github.semblance.analysis;

import java.io.Reader;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.AnalyzerWrapper;

/**
 * An analyzer before which words that look alike get one spelling, see {@link WordFormFilter}. Safe
 * for use by many threads. Closing it closes the analyzer.
 */
final class WordFormAnalyzer extends AnalyzerWrapper {
  private final Analyzer analyzer;
  private final NamedAnalyzer name;
  private final boolean keepsNonJoiners;

  WordFormAnalyzer(Analyzer analyzer, NamedAnalyzer name, boolean keepsNonJoiners) {
    super(analyzer.getReuseStrategy());
    this.analyzer = analyzer;
    this.name = name;
    this.keepsNonJoiners = keepsNonJoiners;
  }

  NamedAnalyzer name() {
    return name;
  }

  Analyzer wrapped() {
    return analyzer;
  }

  @Override
  protected Analyzer getWrappedAnalyzer(String fieldName) {
    return analyzer;
  }

  @Override
  protected Reader wrapReader(String fieldName, Reader reader) {
    return new WordFormFilter(reader, keepsNonJoiners);
  }

  @Override
  protected Reader wrapReaderForNormalization(String fieldName, Reader reader) {
    return new WordFormFilter(reader, keepsNonJoiners);
  }

  @Override
  public void close() {
    super.close();
    analyzer.close();
  }

  @Override
  public String toString() {
    return "WordFormAnalyzer(" + analyzer.getClass().getSimpleName() + ")";
  }
}
