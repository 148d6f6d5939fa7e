package io.github.semblance.corpus;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;

/** Makes inputs of every format and spoils them. The same numbers make the same input. */
final class CorpusMutator {
  private static final String[] VALUES = {
    "\"t\"",
    "\"\"",
    "\" \"",
    "null",
    "true",
    "1",
    "-0.50e7",
    "[]",
    "[\"a\",null,2]",
    "{}",
    "[{\"a\":1}]",
    "{\"deep\":{\"er\":[1]}}",
    "\"\\u0000\\u001b\\u202e\"",
    "\"\\ud83d\"",
    "\"caf\u00e9 \ud83d\ude00\"",
    "NaN",
    "\"a\\nb\"",
    "\"quote \\\" here\"",
  };
  private static final String[] NAMES = {
    "id",
    "_id",
    "ID",
    "title",
    "Question",
    "text",
    "TEXT",
    "body",
    "answer",
    "documents",
    "tags",
    "metadata",
    "",
    " ",
    "items",
  };
  private static final String[] TAGS = {
    "p", "h1", "h6", "ul", "li", "table", "tr", "td", "pre", "main", "nav", "script", "b", "svg",
    "form",
  };
  private static final String PDF = pdf();
  private static final String[] CELLS = {
    "a", "", " ", "\"q\"", "\"two\nlines\"", "\"say \"\"hi\"\"\"", "1", "caf\u00e9", "a;b", "x\ty",
  };

  /** What is put into an input. */
  private static final String[] POISONS = {
    "\"",
    "\\",
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    ";",
    "\t",
    "\n",
    "\r",
    "\r\n",
    "\0",
    "\u001b[2J",
    "sep=|\n",
    "\uFEFF",
    "\u2028",
    "NaN",
    "'",
    "/*",
    "//",
    "#",
    "\\u12",
    "\"documents\":[",
    "}{",
    "\"\"\"",
    "=cmd",
  };

  private CorpusMutator() {}

  /** An input: a file below the folder of the test, which or whose folder is to be read. */
  static final class Input {
    private final String name;
    private final byte[] content;
    private final boolean isFolder;

    private Input(String name, byte[] content, boolean isFolder) {
      this.name = name;
      this.content = content;
      this.isFolder = isFolder;
    }

    String name() {
      return name;
    }

    byte[] content() {
      return content;
    }

    boolean isFolder() {
      return isFolder;
    }
  }

  static Input mutant(Random random) {
    int kind = random.nextInt(12);
    String name =
        switch (kind) {
          case 0, 1 -> "a.json";
          case 2, 3 -> "a.jsonl";
          case 4 -> "a.csv";
          case 5 -> "a.tsv";
          case 6 -> "beir/corpus.jsonl";
          case 7 -> "docs/a.md";
          case 8 -> "docs/c.markdown";
          case 9 -> "docs/d.html";
          case 10 -> "docs/e.pdf";
          default -> "docs/b.TXT";
        };
    String text =
        switch (kind) {
          case 0 -> array(random);
          case 1 -> objects(random, "\n\n");
          case 2, 3, 6 -> objects(random, "\n");
          case 4 -> table(random, ",;|\t".charAt(random.nextInt(4)));
          case 5 -> table(random, '\t');
          case 8 -> "---\n" + frontMatter(random) + "---\n# Heading\n\nwords\n";
          case 9 -> page(random);
          case 10 -> PDF;
          default -> "# Heading #\n\n" + objects(random, "\n```\n");
        };
    for (int i = random.nextInt(4); i > 0; i--) {
      text = spoil(text, random);
    }
    byte[] bytes = text.getBytes(kind == 10 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    for (int i = random.nextInt(3) == 0 ? random.nextInt(1, 4) : 0; i > 0; i--) {
      bytes = spoil(bytes, random);
    }
    return new Input(name, bytes, kind >= 6);
  }

  private static String frontMatter(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(5); i > 0; i--) {
      text.append(NAMES[random.nextInt(NAMES.length)])
          .append(random.nextInt(9) == 0 ? ":&a " : ": ")
          .append(random.nextInt(9) == 0 ? "*a" : VALUES[random.nextInt(VALUES.length)])
          .append('\n');
    }
    return text.toString();
  }

  private static String page(Random random) {
    StringBuilder text = new StringBuilder("<title>t</title><body>");
    for (int i = random.nextInt(9); i > 0; i--) {
      String tag = TAGS[random.nextInt(TAGS.length)];
      text.append("<" + tag + ">words &amp; ").append(random.nextBoolean() ? "</" + tag + ">" : "");
    }
    return text.toString();
  }

  private static String pdf() {
    try {
      byte[] bytes = PdfFileTest.pdf("title", "", "words on a page", "more words");
      return new String(bytes, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String array(Random random) {
    StringBuilder text = new StringBuilder("[");
    for (int i = random.nextInt(5); i >= 0; i--) {
      text.append(object(random)).append(i > 0 ? ",\n" : "");
    }
    return text.append("]").toString();
  }

  private static String objects(Random random, String separator) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i >= 0; i--) {
      text.append(object(random)).append(separator);
    }
    return text.toString();
  }

  private static String object(Random random) {
    if (random.nextInt(20) == 0) {
      return extreme(random);
    }
    StringBuilder text =
        new StringBuilder("{\"id\":\"" + random.nextInt(9) + "\",\"text\":\"words\"");
    for (int i = random.nextInt(4); i > 0; i--) {
      text.append(",\"")
          .append(NAMES[random.nextInt(NAMES.length)])
          .append("\":")
          .append(random.nextInt(9) == 0 ? object(random) : VALUES[random.nextInt(VALUES.length)]);
    }
    return text.append("}").toString();
  }

  /** At and beyond the limits. */
  private static String extreme(Random random) {
    int near = random.nextInt(-1, 2);
    String value =
        switch (random.nextInt(6)) {
          case 0 -> "[".repeat(499 + near) + "]".repeat(499 + near);
          case 1 -> "{\"a\":".repeat(499 + near) + "0" + "}".repeat(499 + near);
          case 2 -> "9".repeat(1000 + near);
          case 3 -> "0." + "9".repeat(998 + near);
          case 4 -> "{\"" + "n".repeat(50_000 + near) + "\":1}";
          default -> "[".repeat(random.nextInt(20_000));
        };
    return "{\"id\":\""
        + "i".repeat(random.nextInt(9) == 0 ? 32_766 + near : 1)
        + "\",\"text\":\"t\",\"x\":"
        + value
        + "}";
  }

  private static String table(Random random, char delimiter) {
    StringBuilder text = new StringBuilder();
    int columns = random.nextInt(1, 6);
    for (int row = random.nextInt(6); row >= 0; row--) {
      for (int i = 0; i < columns; i++) {
        boolean header = text.indexOf("\n") < 0;
        text.append(i > 0 ? delimiter : "")
            .append(
                header
                    ? i == 0 ? "id" : i == 1 ? "text" : NAMES[random.nextInt(NAMES.length)] + i
                    : CELLS[random.nextInt(CELLS.length)]);
      }
      text.append(random.nextBoolean() ? "\n" : "\r\n");
    }
    return text.toString();
  }

  private static String spoil(String text, Random random) {
    int at = random.nextInt(text.length() + 1);
    int to = Math.min(text.length(), at + random.nextInt(12));
    return switch (random.nextInt(6)) {
      case 0 -> text.substring(0, at);
      case 1 -> text.substring(0, at) + text.substring(to);
      case 2 ->
          text.substring(0, at)
              + text.substring(at, to).repeat(random.nextInt(1, 50))
              + text.substring(at);
      case 3 -> text.substring(at) + text.substring(0, at);
      default ->
          text.substring(0, at)
              + POISONS[random.nextInt(POISONS.length)]
              + text.substring(random.nextBoolean() ? at : to);
    };
  }

  private static byte[] spoil(byte[] bytes, Random random) {
    if (bytes.length == 0) {
      return new byte[] {(byte) random.nextInt(256)};
    }
    int at = random.nextInt(bytes.length);
    byte[] spoilt = bytes.clone();
    switch (random.nextInt(4)) {
      case 0 -> spoilt[at] = (byte) random.nextInt(256);
      case 1 -> spoilt[at] ^= (byte) (1 << random.nextInt(8));
      case 2 -> spoilt = Arrays.copyOf(bytes, at);
      default -> {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(bytes, 0, at);
        byte[] noise = new byte[random.nextInt(1, 9)];
        random.nextBytes(noise);
        out.writeBytes(noise);
        out.write(bytes, at, bytes.length - at);
        spoilt = out.toByteArray();
      }
    }
    return spoilt;
  }
}
