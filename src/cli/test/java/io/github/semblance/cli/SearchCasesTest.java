package io.github.semblance.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Texts and queries that other search programs were reported to get wrong. */
final class SearchCasesTest {

  private static String index(Path folder, String lines) throws IOException {
    String model = TinyModel.write(folder.resolve("tiny"), 1);
    Path input = Files.writeString(folder.resolve("in.jsonl"), lines);
    String index = folder.resolve("index").toString();
    Run.of("index", input.toString(), "--index", index, "--model", model).succeeds();
    return index;
  }

  private static Run search(String index, String query, String... options) {
    String[] arguments = {"search", query, "--index", index, "--mode", "bm25"};
    String[] all = new String[arguments.length + options.length];
    System.arraycopy(arguments, 0, all, 0, arguments.length);
    System.arraycopy(options, 0, all, arguments.length, options.length);
    return Run.of(all);
  }

  private static Set<String> find(String index, String query, String... options) {
    JsonNode hits = search(index, query, with("--json", options)).succeeds().json().get("hits");
    return hits.valueStream().map(hit -> hit.get("id").asString()).collect(Collectors.toSet());
  }

  private static void assertFound(String index, Map<String, String> idsByQuery) {
    idsByQuery.forEach(
        (query, ids) ->
            assertEquals(
                ids.isEmpty() ? Set.of() : Set.of(ids.split(" ")),
                find(index, query, "--syntax", "lucene"),
                query));
  }

  private static String[] with(String first, String... others) {
    String[] all = new String[others.length + 1];
    all[0] = first;
    System.arraycopy(others, 0, all, 1, others.length);
    return all;
  }

  @Test
  void canonicallyEqualWords(@TempDir Path folder) throws IOException {
    String composed =
        "{\"id\":\"nfc\",\"title\":\"Visiting the Caf\u00E9 Z\u00FCrich\","
            + "\"text\":\"The caf\u00E9 in Z\u00FCrich serves pi\u00F1ata cake.\"}\n";
    String decomposed =
        Normalizer.normalize(
            "{\"id\":\"nfd\",\"title\":\"Tram map\","
                + "\"text\":\"Bring your r\u00E9sum\u00E9 to the \u00FCber meeting.\"}\n",
            Normalizer.Form.NFD);
    String index = index(folder, composed + decomposed);
    for (Normalizer.Form form : List.of(Normalizer.Form.NFC, Normalizer.Form.NFD)) {
      assertEquals(
          Set.of("nfc"), find(index, Normalizer.normalize("caf\u00E9", form)), form.name());
      assertEquals(
          Set.of("nfd"), find(index, Normalizer.normalize("r\u00E9sum\u00E9", form)), form.name());
      assertEquals(
          Set.of("nfd"),
          find(index, Normalizer.normalize("r\u00E9su*", form), "--syntax", "lucene"),
          form.name());
    }
  }

  @Test
  void invisibleCharacters(@TempDir Path folder) throws IOException {
    String index =
        index(
            folder,
            """
            {"id": "soft", "text": "The bench\\u00admark of index\\u00ading."}
            {"id": "zwsp", "text": "Ask the help\\u200bdesk first."}
            {"id": "zwnj", "text": "A work\\u200cshop in the morning."}
            {"id": "wj", "text": "Keep a note\\u2060book."}
            {"id": "x", "text": "Nothing about any of it."}
            """);
    Map.of("benchmark", "soft", "helpdesk", "zwsp", "workshop", "zwnj", "notebook", "wj")
        .forEach(
            (word, id) -> {
              assertEquals(Set.of(id), find(index, word));
              String hyphenated = word.substring(0, 2) + "\u00AD" + word.substring(2);
              assertEquals(Set.of(id), find(index, hyphenated));
            });
  }

  @Test
  void patternsFindWhatTheirWordFinds(@TempDir Path folder) throws IOException {
    String index =
        index(
            folder,
            """
            {"id": "a", "title": "Networking", "text": "The databases of the containers"}
            {"id": "b", "title": "Network", "text": "A dockerfile and a container"}
            {"id": "c", "title": "Other", "text": "Nothing"}
            """);
    assertFound(
        index,
        Map.ofEntries(
            Map.entry("database*", "a"),
            Map.entry("containers*", "a b"),
            Map.entry("d?ckerfile", "b"),
            Map.entry("/databases?/", "a"),
            Map.entry("title:Networking*", "a b"),
            Map.entry("networking~1", "a b"),
            Map.entry("text:containers*", "a b"),
            Map.entry("text:container?", "a"),
            Map.entry("title:/n.*ing/", "a"),
            Map.entry("dockerfles~", "b"),
            Map.entry("title:the*", ""),
            Map.entry("database", "a")));
  }

  @Test
  void rangesCompareNumbersAndDates(@TempDir Path folder) throws IOException {
    String index =
        index(
            folder,
            """
            {"id":"a","text":"x","price":5.5,"n":-3,"ts":1700000000000,"day":"2024-02-29T23:00Z"}
            {"id":"b","text":"x","price":20.0,"n":4,"ts":17,"day":"2023-12-31"}
            {"id":"c","text":"x","price":100,"n":12,"ts":1700000000,"day":"2024-03-01"}
            """);
    assertFound(
        index,
        Map.ofEntries(
            Map.entry("price:[1 TO 30]", "a b"),
            Map.entry("price:[5.0 TO 30.0]", "a b"),
            Map.entry("price:[5.5 TO 20}", "a"),
            Map.entry("price:{5.5 TO 100]", "b c"),
            Map.entry("n:[-5 TO 5]", "a b"),
            Map.entry("n:[* TO -1]", "a"),
            Map.entry("n:{4 TO *]", "c"),
            Map.entry("ts:[1600000000 TO 1800000000]", "c"),
            Map.entry("ts:[1.6e12 TO 1.8e12]", "a"),
            Map.entry("day:[2024-01-01 TO 2024-12-31]", "a c"),
            Map.entry("day:[2024-03 TO 2024-03]", "c"),
            Map.entry("day:[* TO 2024-02-29]", "a b"),
            Map.entry("day:[* TO 2024-02-29}", "b"),
            Map.entry("day:{2023-12-31 TO *]", "a c"),
            Map.entry("day:[2024 TO 2024]", "a c"),
            Map.entry("day:[\"2024-02-29 12:00\" TO 2024-03-01T00:00:00+01:00]", "a")));
    search(index, "price:[30 TO 1]", "--syntax", "lucene")
        .fails(2, "must not end before it begins, got: 30 TO 1");
  }

  @Test
  void zeroInAText(@TempDir Path folder) throws IOException {
    String index = index(folder, "{\"id\":\"a\",\"text\":\"One needle\\u0000 in a haystack.\"}");
    String shown = search(index, "needle").succeeds().out();
    assertTrue(shown.contains("One needle in a haystack."), shown);
  }
}
