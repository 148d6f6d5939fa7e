package io.github.semblance.analysis;

import io.github.semblance.embed.TextEmbedder;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.lucene.analysis.Analyzer;
import org.apache.lucene.analysis.ar.ArabicAnalyzer;
import org.apache.lucene.analysis.bg.BulgarianAnalyzer;
import org.apache.lucene.analysis.bn.BengaliAnalyzer;
import org.apache.lucene.analysis.br.BrazilianAnalyzer;
import org.apache.lucene.analysis.ca.CatalanAnalyzer;
import org.apache.lucene.analysis.cjk.CJKAnalyzer;
import org.apache.lucene.analysis.ckb.SoraniAnalyzer;
import org.apache.lucene.analysis.core.KeywordAnalyzer;
import org.apache.lucene.analysis.core.SimpleAnalyzer;
import org.apache.lucene.analysis.core.WhitespaceAnalyzer;
import org.apache.lucene.analysis.cz.CzechAnalyzer;
import org.apache.lucene.analysis.da.DanishAnalyzer;
import org.apache.lucene.analysis.de.GermanAnalyzer;
import org.apache.lucene.analysis.el.GreekAnalyzer;
import org.apache.lucene.analysis.en.EnglishAnalyzer;
import org.apache.lucene.analysis.es.SpanishAnalyzer;
import org.apache.lucene.analysis.et.EstonianAnalyzer;
import org.apache.lucene.analysis.eu.BasqueAnalyzer;
import org.apache.lucene.analysis.fa.PersianAnalyzer;
import org.apache.lucene.analysis.fi.FinnishAnalyzer;
import org.apache.lucene.analysis.fr.FrenchAnalyzer;
import org.apache.lucene.analysis.ga.IrishAnalyzer;
import org.apache.lucene.analysis.gl.GalicianAnalyzer;
import org.apache.lucene.analysis.hi.HindiAnalyzer;
import org.apache.lucene.analysis.hu.HungarianAnalyzer;
import org.apache.lucene.analysis.hy.ArmenianAnalyzer;
import org.apache.lucene.analysis.id.IndonesianAnalyzer;
import org.apache.lucene.analysis.it.ItalianAnalyzer;
import org.apache.lucene.analysis.lt.LithuanianAnalyzer;
import org.apache.lucene.analysis.lv.LatvianAnalyzer;
import org.apache.lucene.analysis.ne.NepaliAnalyzer;
import org.apache.lucene.analysis.nl.DutchAnalyzer;
import org.apache.lucene.analysis.no.NorwegianAnalyzer;
import org.apache.lucene.analysis.pt.PortugueseAnalyzer;
import org.apache.lucene.analysis.ro.RomanianAnalyzer;
import org.apache.lucene.analysis.ru.RussianAnalyzer;
import org.apache.lucene.analysis.sr.SerbianAnalyzer;
import org.apache.lucene.analysis.standard.StandardAnalyzer;
import org.apache.lucene.analysis.sv.SwedishAnalyzer;
import org.apache.lucene.analysis.ta.TamilAnalyzer;
import org.apache.lucene.analysis.te.TeluguAnalyzer;
import org.apache.lucene.analysis.th.ThaiAnalyzer;
import org.apache.lucene.analysis.tr.TurkishAnalyzer;
import org.jspecify.annotations.Nullable;

/**
 * The analyzers that an index can name, so that whoever opens it analyses queries alike.
 *
 * <p>Each language has the analyzer that Lucene makes for it: stop words out, words reduced to
 * stems, as the language needs. Before any of them, words that look alike get one spelling:
 * canonically equivalent characters become their composed form (NFC), and characters that nobody
 * sees inside a word, such as soft hyphens and zero width spaces, are left out. Offsets are those
 * of the text as it is. Safe for use by many threads.
 */
public enum NamedAnalyzer {
  /** Unicode words in lower case, for any language. */
  STANDARD(StandardAnalyzer::new),
  /** Runs of letters in lower case. */
  SIMPLE(SimpleAnalyzer::new),
  /** What stands between white space, as it is. */
  WHITESPACE(WhitespaceAnalyzer::new),
  /** The whole text as one term. */
  KEYWORD(KeywordAnalyzer::new),
  /** Arabic. */
  ARABIC(ArabicAnalyzer::new),
  /** Armenian. */
  ARMENIAN(ArmenianAnalyzer::new),
  /** Basque. */
  BASQUE(BasqueAnalyzer::new),
  /** Bengali. */
  BENGALI(BengaliAnalyzer::new),
  /** Brazilian Portuguese. */
  BRAZILIAN(BrazilianAnalyzer::new),
  /** Bulgarian. */
  BULGARIAN(BulgarianAnalyzer::new),
  /** Catalan. */
  CATALAN(CatalanAnalyzer::new),
  /** Chinese, Japanese and Korean: pairs of adjacent characters. */
  CJK(CJKAnalyzer::new),
  /** Czech. */
  CZECH(CzechAnalyzer::new),
  /** Danish. */
  DANISH(DanishAnalyzer::new),
  /** Dutch. */
  DUTCH(DutchAnalyzer::new),
  /** Stop words out, possessives off, Porter stems. */
  ENGLISH(EnglishAnalyzer::new),
  /** Estonian. */
  ESTONIAN(EstonianAnalyzer::new),
  /** Finnish. */
  FINNISH(FinnishAnalyzer::new),
  /** French. */
  FRENCH(FrenchAnalyzer::new),
  /** Galician. */
  GALICIAN(GalicianAnalyzer::new),
  /** German. */
  GERMAN(GermanAnalyzer::new),
  /** Greek. */
  GREEK(GreekAnalyzer::new),
  /** Hindi. */
  HINDI(HindiAnalyzer::new),
  /** Hungarian. */
  HUNGARIAN(HungarianAnalyzer::new),
  /** Indonesian. */
  INDONESIAN(IndonesianAnalyzer::new),
  /** Irish. */
  IRISH(IrishAnalyzer::new),
  /** Italian. */
  ITALIAN(ItalianAnalyzer::new),
  /** Latvian. */
  LATVIAN(LatvianAnalyzer::new),
  /** Lithuanian. */
  LITHUANIAN(LithuanianAnalyzer::new),
  /** Nepali. */
  NEPALI(NepaliAnalyzer::new),
  /** Norwegian. */
  NORWEGIAN(NorwegianAnalyzer::new),
  /** Persian. */
  PERSIAN(PersianAnalyzer::new),
  /** Portuguese. */
  PORTUGUESE(PortugueseAnalyzer::new),
  /** Romanian. */
  ROMANIAN(RomanianAnalyzer::new),
  /** Russian. */
  RUSSIAN(RussianAnalyzer::new),
  /** Serbian. */
  SERBIAN(SerbianAnalyzer::new),
  /** Central Kurdish. */
  SORANI(SoraniAnalyzer::new),
  /** Spanish. */
  SPANISH(SpanishAnalyzer::new),
  /** Swedish. */
  SWEDISH(SwedishAnalyzer::new),
  /** Tamil. */
  TAMIL(TamilAnalyzer::new),
  /** Telugu. */
  TELUGU(TeluguAnalyzer::new),
  /** Thai. */
  THAI(ThaiAnalyzer::new),
  /** Turkish. */
  TURKISH(TurkishAnalyzer::new),
  /** The word pieces that a model reads; made by {@link #create(TextEmbedder)} only. */
  WORDPIECE(null);

  // Each is a constructor reference, which holds no state.
  @SuppressWarnings("ImmutableEnumChecker")
  private final @Nullable Supplier<Analyzer> constructor;

  NamedAnalyzer(@Nullable Supplier<Analyzer> constructor) {
    this.constructor = constructor;
  }

  /** The name in manifests and options: lower case. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /**
   * A new analyzer, safe for use by many threads; the caller may close it.
   *
   * @throws IllegalStateException for {@link #WORDPIECE}, which needs a model
   */
  public Analyzer create() {
    if (constructor == null) {
      throw new IllegalStateException(
          "analyzer \"" + id() + "\" needs a model: create it with an embedder");
    }
    return oneSpelling(constructor.get());
  }

  /**
   * A new analyzer, safe for use by many threads; the caller may close it, which does not close the
   * embedder.
   *
   * @param embedder whose word pieces {@link #WORDPIECE} emits; the others do without
   */
  public Analyzer create(TextEmbedder embedder) {
    return oneSpelling(constructor == null ? new WordPieceAnalyzer(embedder) : constructor.get());
  }

  private Analyzer oneSpelling(Analyzer analyzer) {
    // Lucene's own analysis of these languages knows what a non-joiner means in their words.
    return new WordFormAnalyzer(analyzer, this, this == PERSIAN || this == SORANI);
  }

  /** Which of these made an analyzer, if one did. */
  public static Optional<NamedAnalyzer> madeBy(Analyzer analyzer) {
    return analyzer instanceof WordFormAnalyzer ours ? Optional.of(ours.name()) : Optional.empty();
  }

  /** The analyzer of that name, if there is one; case does not matter. */
  public static Optional<NamedAnalyzer> find(String name) {
    return Arrays.stream(values()).filter(known -> known.id().equalsIgnoreCase(name)).findFirst();
  }

  /**
   * The analyzer of that name; case does not matter.
   *
   * @throws IllegalArgumentException if there is none; the message lists those there are
   */
  public static NamedAnalyzer named(String name) {
    return find(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no analyzer is called \""
                        + name
                        + "\"; there are "
                        + Arrays.stream(values())
                            .map(NamedAnalyzer::id)
                            .collect(Collectors.joining(", "))));
  }
}
