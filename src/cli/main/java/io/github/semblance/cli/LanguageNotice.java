package io.github.semblance.cli;

import io.github.semblance.analysis.NamedAnalyzer;
import io.github.semblance.bert.checkpoint.CatalogueEntry;
import io.github.semblance.bert.checkpoint.ModelCatalogue;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Says when texts are analysed as a language that the model does not know: keywords then do all the
 * work of hybrid search, or less.
 */
final class LanguageNotice {
  private LanguageNotice() {}

  /** One line, or nothing where the model knows the language, or one of both is not known. */
  static Optional<String> of(NamedAnalyzer analyzer, String model) {
    List<String> wanted = languages(analyzer);
    Optional<CatalogueEntry> entry = ModelCatalogue.find(model);
    if (wanted.isEmpty()
        || entry.isEmpty()
        || !Collections.disjoint(wanted, entry.get().languages())) {
      return Optional.empty();
    }
    String others =
        ModelCatalogue.entries().stream()
            .filter(other -> !Collections.disjoint(wanted, other.languages()))
            .map(CatalogueEntry::name)
            .collect(Collectors.joining(", "));
    return Optional.of(
        "the analyzer is "
            + analyzer.id()
            + " and the model "
            + entry.get().name()
            + " knows "
            + String.join(", ", entry.get().languages())
            + " only; search by meaning will find little"
            + (others.isEmpty() ? "" : ", models for that language are " + others));
  }

  /** ISO 639 codes of what an analyzer is made for; none for those that suit any language. */
  private static List<String> languages(NamedAnalyzer analyzer) {
    return switch (analyzer) {
      case STANDARD, SIMPLE, WHITESPACE, KEYWORD, WORDPIECE -> List.of();
      case ARABIC -> List.of("ar");
      case ARMENIAN -> List.of("hy");
      case BASQUE -> List.of("eu");
      case BENGALI -> List.of("bn");
      case BRAZILIAN, PORTUGUESE -> List.of("pt");
      case BULGARIAN -> List.of("bg");
      case CATALAN -> List.of("ca");
      case CJK -> List.of("zh", "ja", "ko");
      case CZECH -> List.of("cs");
      case DANISH -> List.of("da");
      case DUTCH -> List.of("nl");
      case ENGLISH -> List.of("en");
      case ESTONIAN -> List.of("et");
      case FINNISH -> List.of("fi");
      case FRENCH -> List.of("fr");
      case GALICIAN -> List.of("gl");
      case GERMAN -> List.of("de");
      case GREEK -> List.of("el");
      case HINDI -> List.of("hi");
      case HUNGARIAN -> List.of("hu");
      case INDONESIAN -> List.of("id");
      case IRISH -> List.of("ga");
      case ITALIAN -> List.of("it");
      case LATVIAN -> List.of("lv");
      case LITHUANIAN -> List.of("lt");
      case NEPALI -> List.of("ne");
      case NORWEGIAN -> List.of("no", "nb");
      case PERSIAN -> List.of("fa");
      case ROMANIAN -> List.of("ro");
      case RUSSIAN -> List.of("ru");
      case SERBIAN -> List.of("sr");
      case SORANI -> List.of("ckb", "ku");
      case SPANISH -> List.of("es");
      case SWEDISH -> List.of("sv");
      case TAMIL -> List.of("ta");
      case TELUGU -> List.of("te");
      case THAI -> List.of("th");
      case TURKISH -> List.of("tr");
    };
  }
}
