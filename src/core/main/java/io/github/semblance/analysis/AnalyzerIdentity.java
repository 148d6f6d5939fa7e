package io.github.semblance.analysis;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.lucene.analysis.AbstractAnalysisFactory;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.CharArraySet;
import org.apache.lucene.analysis.StopwordAnalyzerBase;
import org.apache.lucene.analysis.TokenStream;
import org.apache.lucene.analysis.core.StopFilterFactory;
import org.apache.lucene.analysis.custom.CustomAnalyzer;
import org.apache.lucene.analysis.tokenattributes.CharTermAttribute;
import org.apache.lucene.analysis.tokenattributes.OffsetAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionIncrementAttribute;
import org.apache.lucene.analysis.tokenattributes.PositionLengthAttribute;
import org.jspecify.annotations.Nullable;

/**
 * Tells an application's own analyzers apart by what they do, not by the class that does it.
 *
 * <p>An identity is a hash of the tokens that the analyzer makes of a probe text in many languages,
 * and of the stop words and settings of Lucene's configurable analyzers. It is the same in every
 * process, whatever the class is called. Two analyzers whose only difference is a word that the
 * probe text does not have, such as an entry of a private list of synonyms, have one identity: give
 * those names. Safe for use by many threads.
 */
public final class AnalyzerIdentity {
  /** What an identity begins with, and no name of an analyzer does. */
  public static final String PREFIX = "tokens:";

  /** Old letters and plain words, so that the Unicode version of the platform does not show. */
  private static final List<String> PROBES =
      List.of(
          "The quick-brown Foxes' tails weren't RUNNING; it is not a test of the organisations.",
          "I'm at e.g. U.S.A. v1.2.3 wi-fi Wi_Fi PowerShot2000 C++ C# .NET, 3,14 1e-5 0xFF #tag",
          "mail@example.org https://example.org/a/b?c=d&e=f 192.168.0.1 2024-01-31 <b>bold</b>",
          "na\u00efve Stra\u00dfe \u00c4rger und die H\u00e4user; \u00e9t\u00e9 l'avion qu'il"
              + " na\u0303o o a\u00e7\u00e3o; el ni\u00f1o y la se\u00f1al; och att i det",
          "\u0130stanbul \u0131\u015f\u0131k; za\u017c\u00f3\u0142\u0107 g\u0119\u015bl\u0105;"
              + " \u03bf\u03b9 \u03cc\u03bc\u03bf\u03c1\u03c6\u03b5\u03c2 \u03bb\u03ad\u03be\u03b5\u03b9\u03c2;"
              + " \u043a\u043d\u0438\u0433\u0438 \u0438 \u043d\u0435 \u0432 \u0451\u043b\u043a\u0435",
          "\u0627\u0644\u0643\u062a\u0627\u0628 \u0641\u064a \u0627\u0644\u0628\u064a\u062a;"
              + " \u05d4\u05e1\u05e4\u05e8 \u05e9\u05dc; \u0939\u093f\u0928\u094d\u0926\u0940 \u0915\u0940;"
              + " \u0e44\u0e17\u0e22",
          "\u4e2d\u6587\u5206\u8bcd \u6771\u4eac\u90fd\u306e\u30bf\u30ef\u30fc"
              + " \ud55c\uad6d\uc5b4\ub294 \uff26\uff35\uff2c\uff2c \uff76\uff80 \u2460 \ufb01n",
          "x xx xxx " + "longword".repeat(40) + " two\nlines\tand  gaps");

  private AnalyzerIdentity() {}

  /**
   * The identity of an analyzer.
   *
   * @param fields whose texts it will be given: it may treat them differently
   * @throws IllegalArgumentException if the analyzer fails at the probe text
   */
  public static String of(Analyzer analyzer, Collection<String> fields) {
    MessageDigest digest;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
    addSettings(digest, analyzer);
    try {
      for (String field : fields) {
        add(digest, "field", analyzer.getPositionIncrementGap(field), analyzer.getOffsetGap(field));
        for (String probe : PROBES) {
          addTokens(digest, analyzer, field, probe);
        }
      }
    } catch (IOException | RuntimeException e) {
      throw new IllegalArgumentException(
          "the analyzer "
              + analyzer.getClass().getName()
              + " cannot be told from others, because"
              + " it fails at a plain text; give it a name: "
              + e,
          e);
    }
    return PREFIX + HexFormat.of().formatHex(digest.digest(), 0, 12);
  }

  private static void addTokens(MessageDigest digest, Analyzer analyzer, String field, String text)
      throws IOException {
    try (TokenStream tokens = analyzer.tokenStream(field, text)) {
      CharTermAttribute term = tokens.addAttribute(CharTermAttribute.class);
      PositionIncrementAttribute step = tokens.addAttribute(PositionIncrementAttribute.class);
      PositionLengthAttribute length = tokens.addAttribute(PositionLengthAttribute.class);
      OffsetAttribute offset = tokens.addAttribute(OffsetAttribute.class);
      tokens.reset();
      while (tokens.incrementToken()) {
        add(
            digest,
            term.toString(),
            step.getPositionIncrement(),
            length.getPositionLength(),
            offset.startOffset(),
            offset.endOffset());
      }
      tokens.end();
      add(digest, "end", step.getPositionIncrement(), offset.endOffset());
    }
  }

  /** What Lucene's own analyzers tell of themselves; others are known by their tokens alone. */
  private static void addSettings(MessageDigest digest, Analyzer analyzer) {
    switch (analyzer) {
      case StopwordAnalyzerBase words -> addWords(digest, words.getStopwordSet());
      case CustomAnalyzer custom -> {
        custom.getCharFilterFactories().forEach(factory -> addFactory(digest, factory));
        addFactory(digest, custom.getTokenizerFactory());
        custom.getTokenFilterFactories().forEach(factory -> addFactory(digest, factory));
      }
      default -> {}
    }
  }

  private static void addFactory(MessageDigest digest, AbstractAnalysisFactory factory) {
    add(digest, factory.getClass().getSimpleName());
    Map<String, String> settings = new TreeMap<>(factory.getOriginalArgs());
    settings.remove("luceneMatchVersion");
    settings.remove("class");
    settings.forEach((name, value) -> add(digest, name + "=" + value));
    if (factory instanceof StopFilterFactory words) {
      addWords(digest, words.getStopWords());
    }
  }

  private static void addWords(MessageDigest digest, @Nullable CharArraySet words) {
    TreeSet<String> sorted = new TreeSet<>();
    if (words != null) {
      words.forEach(word -> sorted.add(new String((char[]) word)));
    }
    sorted.forEach(word -> add(digest, word));
  }

  private static void add(MessageDigest digest, String text, int... numbers) {
    digest.update(text.getBytes(StandardCharsets.UTF_8));
    for (int number : numbers) {
      digest.update((" " + number).getBytes(StandardCharsets.UTF_8));
    }
    digest.update((byte) 0xff); // no UTF-8 has it
  }
}
