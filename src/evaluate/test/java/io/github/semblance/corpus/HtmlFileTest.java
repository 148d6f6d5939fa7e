package io.github.semblance.corpus;

import static io.github.semblance.corpus.FieldMapping.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.Outline.Section;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class HtmlFileTest extends CorpusFixture {
  private SourceDocument read(String html) throws IOException {
    return documents(DEFAULT, file("a.html", html)).get(0);
  }

  @Test
  void theMainTextIsRead() throws IOException {
    SourceDocument document =
        read(
            """
            <!DOCTYPE html><html lang="en"><head><title>Guide – Docs</title>
            <meta name="keywords" content="setup, linux"><style>p {}</style></head>
            <body><nav>Home</nav><header>Banner</header>
            <main><header><h1>Guide</h1></header>
            <p>A <b>short</b>
              guide.<script>alert(1)</script></p>Loose <i>words</i>
            <h2>Install</h2><ul><li>Take it</li><li><p>Run</p></li></ul>
            <pre>tar xf
              a.tgz</pre>
            <table><tr><th>Option<th>Meaning<tr><td>-x<td>extract</table>
            <table><tr><td><p>Laid out</p></table>
            <aside>More</aside><p hidden>Hidden</p></main>
            <footer>Imprint</footer></body></html>
            """);
    assertEquals("Guide – Docs", document.title());
    assertEquals(
        """
        Guide

        A short guide.

        Loose words

        Install

        - Take it
        - Run

        tar xf
          a.tgz

        Option | Meaning
        -x | extract

        Laid out

        """,
        document.text());
    assertEquals(
        Map.of("keywords", List.of("setup", "linux"), "lang", List.of("en")), document.keywords());
    assertEquals(
        List.of(List.of("Guide"), List.of("Guide", "Install")),
        document.outline().sections().stream().map(Section::headings).toList());
    assertEquals(2, document.outline().asides().size());
  }

  @Test
  void aPageWithoutAMainPartIsReadWhole() throws IOException {
    SourceDocument document =
        read("<nav>Home</nav><header>Banner</header><h3>Part</h3>Words<br>more<footer>f</footer>");
    assertEquals("Part\n\nWords more\n\n", document.text());
    assertEquals("Part", document.title());
    assertEquals("a", read("just <b>words</b>").title());
    assertEquals("words\n\n", read("<main><script>x</script></main>words").text());
  }

  @Test
  void theEncodingIsThePagesOwn() throws IOException {
    byte[] latin =
        "<meta charset=iso-8859-1><p>caf\u00e9</p>".getBytes(StandardCharsets.ISO_8859_1);
    assertEquals("caf\u00e9\n\n", documents(DEFAULT, file("a.htm", latin)).get(0).text());
    assertEquals("caf\u00e9\n\n", read("<p>caf\u00e9").text());
    String outcome =
        outcomes(DEFAULT, file("b.html", "<p>caf\u00e9".getBytes(StandardCharsets.ISO_8859_1)))
            .get(0);
    assertEquals("!0: invalid UTF-8 at byte 6 of the file", outcome);
  }

  @Test
  void whatIsTooMuchIsLeftOutAndTheRestRead() throws IOException {
    List<String> outcomes =
        outcomes(
            DEFAULT,
            file("large.html", "x".repeat(50 << 20)),
            file("many.html", "<b>".repeat(1_000_001)),
            file("deep.html", "<div>".repeat(100_000) + "deep words"),
            file("quoted.html", "<a b=\"" + "<".repeat(1000)),
            file("good.html", "good"));
    assertEquals("!0: the file is longer than 33554432 bytes", outcomes.get(0));
    assertEquals("!0: the page has more than 1000000 tags", outcomes.get(1));
    assertTrue(
        outcomes.get(2).startsWith("!") || outcomes.get(2).equals("deep.html"), outcomes.get(2));
    assertEquals("!0: the file has no text", outcomes.get(3));
    assertEquals("good.html", outcomes.get(4));
  }
}
