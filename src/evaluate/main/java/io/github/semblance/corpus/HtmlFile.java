package io.github.semblance.corpus;

import io.github.semblance.corpus.RawRecord.Kind;
import io.github.semblance.corpus.RawRecord.Value;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;
import org.jspecify.annotations.Nullable;

/**
 * Reads HTML: the main text, without navigation, with its headings. The only class that names the
 * HTML parser. Stateless.
 */
final class HtmlFile implements WholeFile {
  /** Each takes some hundred bytes in the tree, however short it is. */
  private static final int MOST_TAGS = 1_000_000;

  private static final Set<String> NOT_SHOWN =
      Set.of(
          "script",
          "style",
          "noscript",
          "template",
          "nav",
          "aside",
          "footer",
          "form",
          "svg",
          "math",
          "iframe",
          "object",
          "button",
          "select",
          "canvas",
          "head");

  private static final Set<String> IN_A_LINE =
      Set.of(
          "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "br", "cite", "code", "data", "del",
          "dfn", "em", "font", "i", "img", "ins", "kbd", "label", "mark", "q", "s", "samp", "small",
          "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr");

  /** What tables have within that only lay out a page. */
  private static final String LAYOUT = "table, h1, h2, h3, h4, h5, h6, p, ul, ol, dl, pre, div";

  @Override
  public ReadText read(Path path, InputStream in) throws IOException, RejectedFileException {
    byte[] bytes = WholeFile.bytes(in, StrictUtf8Reader.LONGEST_RECORD);
    int tags = 0;
    for (byte b : bytes) {
      tags += b == '<' ? 1 : 0;
    }
    if (tags > MOST_TAGS) {
      throw new RejectedFileException("the page has more than " + MOST_TAGS + " tags");
    }
    // Of the page's own words about its encoding, or a byte order mark; else it is UTF-8.
    Document page = Jsoup.parse(new ByteArrayInputStream(bytes), null, "");
    if (page.charset().equals(StandardCharsets.UTF_8)) {
      WholeFile.utf8(new ByteArrayInputStream(bytes), bytes.length);
    }
    Writer writer = new Writer(mainText(page));
    NodeTraversor.traverse(writer, writer.root);
    writer.flush();
    return writer.text.toText(page.title(), fields(page));
  }

  /** The words of a piece of HTML. */
  static String words(String html) {
    return Jsoup.parseBodyFragment(html).text();
  }

  private static Element mainText(Document page) {
    Element main = page.selectFirst("main, [role=main]");
    if (main == null) {
      List<Element> articles = page.select("article");
      main = articles.size() == 1 ? articles.get(0) : page.body();
    }
    return main.text().isBlank() ? page.body() : main;
  }

  private static Map<String, Value> fields(Document page) {
    Map<String, Value> fields = new LinkedHashMap<>();
    for (String name : List.of("author", "keywords")) {
      Element meta = page.selectFirst("meta[name=" + name + "]");
      if (meta != null) {
        List<String> values =
            Arrays.stream(meta.attr("content").split(","))
                .map(String::strip)
                .filter(value -> !value.isEmpty())
                .toList();
        if (!values.isEmpty()) {
          fields.put(name, new Value(Kind.ARRAY, values));
        }
      }
    }
    String language = page.select("html").attr("lang");
    if (!language.isBlank()) {
      fields.put("lang", Value.string(language.strip()));
    }
    return fields;
  }

  /** Writes blocks; goes through the tree without recursion. */
  private static final class Writer implements NodeVisitor {
    private final Element root;
    private final OutlinedText text = new OutlinedText();
    private final StringBuilder words = new StringBuilder();

    /** What is passed over, or was written as a whole, with all below it. */
    private @Nullable Node done;

    /** Stands before the next words of a list's item. */
    private String sign = "";

    private Writer(Element root) {
      this.root = root;
    }

    @Override
    public void head(Node node, int depth) {
      if (done != null) {
        return;
      }
      if (node instanceof TextNode run) {
        words.append(run.getWholeText());
      } else if (node instanceof Element element) {
        begin(element);
      }
    }

    private void begin(Element element) {
      String tag = element.normalName();
      if (!element.equals(root) && isPassedOver(element)) {
        done = element;
        return;
      }
      switch (tag) {
        case "h1", "h2", "h3", "h4", "h5", "h6" -> {
          flush();
          text.heading(tag.charAt(1) - '0', element.text());
          done = element;
        }
        case "pre" -> {
          flush();
          text.aside(element.wholeText());
          done = element;
        }
        case "table" -> {
          flush();
          if (isData(element)) {
            text.aside(rows(element));
            done = element;
          }
        }
        case "li" -> {
          flush();
          sign = "- ";
        }
        case "img" -> words.append(' ').append(element.attr("alt")).append(' ');
        case "br" -> words.append(' ');
        default -> {
          if (!IN_A_LINE.contains(tag)) {
            flush();
          }
        }
      }
    }

    @Override
    public void tail(Node node, int depth) {
      if (done != null) {
        if (node.equals(done)) {
          done = null;
        }
        return;
      }
      if (node instanceof Element element) {
        String tag = element.normalName();
        if (!IN_A_LINE.contains(tag)) {
          flush();
        }
        if (tag.equals("ul") || tag.equals("ol")) {
          sign = "";
          text.endItems();
        }
      }
    }

    private boolean isPassedOver(Element element) {
      String tag = element.normalName();
      return NOT_SHOWN.contains(tag)
          || (tag.equals("header") && root.normalName().equals("body"))
          || element.hasAttr("hidden")
          || element.attr("aria-hidden").equals("true")
          || element.attr("role").equals("navigation");
    }

    private static boolean isData(Element table) {
      for (Element inner : table.select(LAYOUT)) {
        if (!inner.equals(table)) {
          return false;
        }
      }
      return true;
    }

    private static String rows(Element table) {
      StringBuilder rows = new StringBuilder();
      for (Element row : table.select("tr")) {
        rows.append(String.join(" | ", row.select("th, td").eachText())).append('\n');
      }
      return rows.toString();
    }

    /** Ends a block. */
    private void flush() {
      if (words.isEmpty()) {
        return;
      }
      if (sign.isEmpty()) {
        text.paragraph(words.toString());
      } else if (!words.toString().isBlank()) {
        text.item(sign, words.toString());
        sign = "";
      }
      words.setLength(0);
    }
  }
}
