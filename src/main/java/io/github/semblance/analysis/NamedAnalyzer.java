package io.github.semblance.analysis;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;

/** The analyzers that an index can name, so that whoever opens it analyses queries alike. */
public enum NamedAnalyzer {
  /** {@link EnglishAnalyzer}: stop words out, Porter stems. */
  ENGLISH,
  /** {@link StandardAnalyzer}: Unicode words in lower case, for any language. */
  STANDARD;

  /** The name in manifests and options: lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A new analyzer, safe for use by many threads; the caller may close it. */
  public Analyzer create() {
    return switch (this) {
      case ENGLISH -> new EnglishAnalyzer();
      case STANDARD -> new StandardAnalyzer();
    };
  }

  /** The analyzer of that name, if there is one; case does not matter. */
  public static Optional<NamedAnalyzer> find(String name) {
    return Arrays.stream(values()).filter(known -> known.id().equalsIgnoreCase(name)).findFirst();
  }
}
