package io.github.semblance.corpus;

import static io.github.semblance.corpus.FieldMapping.DEFAULT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.github.semblance.index.Outline;
import io.github.semblance.index.SourceDocument;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MarkdownFileTest extends CorpusFixture {
  private SourceDocument read(String markdown) throws IOException {
    return documents(DEFAULT, file("a.md", markdown)).get(0);
  }

  /** The text with a bracket around each aside and a bar where each section's body begins. */
  private static String drawn(SourceDocument document) {
    StringBuilder drawn = new StringBuilder();
    Outline outline = document.outline();
    for (int at = 0; at < document.text().length(); at++) {
      int here = at;
      drawn.append(outline.asides().stream().anyMatch(aside -> aside.end() == here) ? "]" : "");
      drawn.append(outline.sections().stream().anyMatch(s -> s.body() == here) ? "|" : "");
      drawn.append(outline.asides().stream().anyMatch(aside -> aside.start() == here) ? "[" : "");
      drawn.append(document.text().charAt(at));
    }
    return drawn.toString();
  }

  private static List<String> paths(SourceDocument document) {
    return document.outline().sections().stream()
        .map(section -> String.join(" > ", section.headings()))
        .toList();
  }

  @Test
  void theTextIsWhatAReaderSees() throws IOException {
    SourceDocument document =
        read(
            """
            Guide
            =====

            A *short* **guide** with [a link](https://example.com/x), `code`
            in two lines and ![a picture](p.png).<br>More &amp; more.

            <p align="center">In HTML &lt;3</p>
            <!-- hidden -->

            ## Install {#install}

            1. Take `it`
            2. Run
               - inner

               and more

            > Quoted.

            ```sh
            tar xf a.tgz
            ```

            | Option | Meaning |
            |--------|---------|
            | `-x`   | *extract* |

            ### From source ###
            ## Last
            Words.
            """);
    assertEquals("Guide", document.title());
    assertEquals(
        """
        Guide

        |A short guide with a link, code in two lines and a picture. More & more.

        In HTML <3

        Install

        |1. Take it
        2. Run
        - inner
        and more

        Quoted.

        [tar xf a.tgz]

        [Option | Meaning
        -x | extract]

        From source

        Last

        |Words.

        """
            .replace("From source\n\n", "From source\n\n|"),
        drawn(document));
    // The title is before every passage anyway.
    assertEquals(List.of("", "Install", "Install > From source", "Last"), paths(document));
  }

  @Test
  void frontMatterIsTitleAndKeywords() throws IOException {
    SourceDocument document =
        read(
            """
            ---
            title: "How to: install"
            tags: [setup, linux]
            version: 1.10
            date: 2024-01-31
            draft: false
            empty:
            author: {name: Ada, more: {deep: 1}}
            description: A guide.
            ---
            # Install
            Words.
            """);
    assertEquals("How to: install", document.title());
    assertEquals("Install\n\nWords.\n\n", document.text());
    assertEquals(List.of("Install"), paths(document));
    assertEquals(
        Map.of(
            "tags", List.of("setup", "linux"),
            "version", List.of("1.10"),
            "date", List.of("2024-01-31"),
            "draft", List.of("false"),
            "author.name", List.of("Ada"),
            "description", List.of("A guide.")),
        document.keywords());
    String input = file("a.md", "---\ntags: x\nother: y\n---\nWords.");
    assertEquals(
        Map.of("tags", List.of("x")),
        documents(DEFAULT.withKeywordFields(List.of("tags")), input).get(0).keywords());
    assertTrue(
        failure(
                () ->
                    CorpusReader.open(List.of(input), DEFAULT.withKeywordFields(List.of("nope")))
                        .close())
            .endsWith("name one of those there are: other, tags"));
  }

  @Test
  void linesThatOnlyLookLikeFrontMatterAreText() throws IOException {
    assertEquals("Words, words.\n\n", read("---\nWords, words.\n\n---\n").text());
    assertEquals("title: x\n\n", read("---\ntitle: x\n").text());
    assertEquals("a\n\n", read("---\n---\na").text());
    assertEquals("a\n\n", read("\uFEFF---\nx: y\n...\na").text());
  }

  @Test
  void frontMatterThatIsNoYamlIsToldByItsLine() throws IOException {
    List<String> outcomes =
        outcomes(
            DEFAULT,
            file("a.md", "---\ntitle: [a\nb: c\n---\nx"),
            file("b.md", "---\na: 1\na: 2\n---\nx"),
            file("c.md", "---\nx: " + "y".repeat(70_000) + "\n---\nx"),
            file("d.md", "x"));
    assertTrue(outcomes.get(0).startsWith("!3: the front matter is no YAML: "), outcomes.get(0));
    assertEquals("!3: the front matter has \"a\" twice", outcomes.get(1));
    assertEquals("!1: the front matter is longer than 65536 characters", outcomes.get(2));
    assertEquals("d.md", outcomes.get(3));
  }

  @Test
  void bombsOfYamlEndAtOnce() throws IOException {
    StringBuilder laughs = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 9; i++) {
      laughs
          .append("a" + i + ": &a" + i + " [")
          .append(("*a" + (i - 1) + ", ").repeat(9))
          .append("]\n");
    }
    for (String yaml :
        List.of(
            laughs.toString(),
            "a: " + "[".repeat(60_000),
            "a: " + "{a: ".repeat(15_000),
            "? [a]\n: b\n",
            "a: &a [*a]\n",
            "&a {*a : b}\n",
            "!!java.net.URL [x]: y\n")) {
      String outcome = outcomes(DEFAULT, file("a.md", "---\n" + yaml + "---\nx")).get(0);
      assertTrue(outcome.startsWith("!") || outcome.equals("a.md"), outcome);
    }
  }

  @Test
  void deepAndManifoldMarkdownIsBounded() throws IOException {
    for (String markdown :
        List.of(
            ">".repeat(100_000) + "x",
            "- ".repeat(50_000) + "x",
            "*".repeat(100_000) + "x",
            "[".repeat(100_000) + "x",
            "![".repeat(50_000) + "x",
            "<b>".repeat(100_000) + "x",
            "x " + "`".repeat(100_000),
            "x\n" + "#\n".repeat(100_000))) {
      String outcome = outcomes(DEFAULT, file("a.md", markdown)).get(0);
      assertEquals("a.md", outcome, markdown.substring(0, 9));
    }
    SourceDocument many = read("# h\n\nx\n\n".repeat(OutlinedText.MOST_SECTIONS + 5));
    assertEquals(OutlinedText.MOST_SECTIONS, many.outline().sections().size());
    assertEquals(
        "!0: the file is longer than 8388608 bytes",
        outcomes(DEFAULT, file("b.md", "x".repeat((8 << 20) + 1)), file("c.md", "x")).get(0));
  }
}
